package dbapi

// std are packages of the standard library that give names, addresses and files.
var std = &Library{
	Packages: []Package{
		{Paths: "testing", Origins: map[string]Origin{"Name": Unique, "TempDir": File}},
		{Paths: "os", Origins: map[string]Origin{"TempDir": File, "MkdirTemp": File, "CreateTemp": File}},
		{Paths: "time", Origins: map[string]Origin{"Now": Unique, "Unix": Unique, "UnixMilli": Unique, "UnixMicro": Unique, "UnixNano": Unique}},
		{Paths: "sync/atomic", Origins: map[string]Origin{ // a counter
			"Add": Unique, "AddInt32": Unique, "AddInt64": Unique, "AddUint32": Unique, "AddUint64": Unique, "AddUintptr": Unique,
		}},
		{Paths: "net", Origins: map[string]Origin{
			"Listen": Fake, "ListenIP": Fake, "ListenMulticastUDP": Fake, "ListenPacket": Fake,
			"ListenTCP": Fake, "ListenUDP": Fake, "ListenUnix": Fake, "ListenUnixgram": Fake,
		}},
	},
}
