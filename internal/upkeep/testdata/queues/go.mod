module example.test/queues

go 1.26.0

require (
	github.com/nats-io/nats.go v1.0.0
	github.com/segmentio/kafka-go v0.4.0
)

replace (
	github.com/nats-io/nats.go => ./nats
	github.com/segmentio/kafka-go => ./kafka
)
