// Package container stands in for a library that starts one server.
package container

import "testing"

type Server struct{ URL string }

func NewServer() *Server                        { return &Server{} }
func (*Server) Start() error                    { return nil }
func (*Server) Close() error                    { return nil }
func (*Server) Endpoint() (string, error)       { return "", nil }
func (*Server) NewDatabase(t testing.TB) string { return "" }

// A Lease has no method that ends it: the test that it is made for does.
type Lease struct{}

func Get(t testing.TB) *Lease                    { return &Lease{} }
func (*Lease) ConnectionString() string          { return "" }
func StartPostgres(t testing.TB) string          { return "" }
func Open() (dsn string, stop func())            { return "", nil }
func EnvOrSkip(t testing.TB, name string) string { return "" }

// A Client knows where somebody else's server is.
type Client struct{ url string }

func NewClient(url string) *Client { return &Client{url} }
func (c *Client) URL() string      { return c.url }
func (*Client) Close() error       { return nil }

// A Daemon listens on a socket until it is ended.
type Daemon struct{}

func StartDaemon() (*Daemon, error) { return nil, nil }

func (d *Daemon) Socket() string { return "" }
func (d *Daemon) Term() error    { return nil }
