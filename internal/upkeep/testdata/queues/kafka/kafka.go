// Package kafka has what Kafka delivers.
package kafka

type Message struct{ Key, Value []byte }
