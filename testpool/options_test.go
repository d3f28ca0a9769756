package testpool

import (
	"testing"
	"time"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	const url = "postgres://localhost/shop"
	defaults := limits{url: url, maxConns: 3, privateConns: 2, maxWait: 5 * time.Second, setupWait: 2 * time.Minute}
	with := func(change func(*limits)) limits {
		l := defaults
		change(&l)
		return l
	}
	for _, test := range []struct {
		name    string
		options []Option
		env     map[string]string
		want    limits
	}{
		{"no database", nil, nil, with(func(l *limits) { l.url = "" })},
		{"first variable", nil, map[string]string{"DATABASE_URL_TEST": url, "DATABASE_URL": "postgres://production"}, defaults},
		{"second variable", nil, map[string]string{"TEST_DATABASE_URL": url, "DATABASE_URL": "postgres://production"}, defaults},
		{"last variable", nil, map[string]string{"DATABASE_URL": url}, defaults},
		{"option before variable", []Option{URL(url)}, map[string]string{"DATABASE_URL_TEST": "postgres://elsewhere"}, defaults},
		{"empty option", []Option{URL("")}, map[string]string{"DATABASE_URL": url}, defaults},
		{"limit in the connection string", []Option{URL(url + "?pool_max_conns=7")}, nil,
			with(func(l *limits) { l.url += "?pool_max_conns=7"; l.maxConns = 7 })},
		{"option before connection string", []Option{URL(url + "?pool_max_conns=7"), MaxConns(4)}, nil,
			with(func(l *limits) { l.url += "?pool_max_conns=7"; l.maxConns = 4 })},
		{"environment before option", []Option{URL(url), MaxConns(4), MaxWait(time.Minute)},
			map[string]string{"TESTPOOL_MAX_CONNS": "2", "TESTPOOL_MAX_WAIT": "1s"},
			with(func(l *limits) { l.maxConns = 2; l.maxWait = time.Second })},
		{"every variable", []Option{URL(url)},
			map[string]string{"TESTPOOL_PRIVATE_CONNS": "1", "TESTPOOL_CONNECT_TIMEOUT": "2s", "TESTPOOL_REQUIRED": "true",
				"TESTPOOL_SETUP_WAIT": "3m", "TESTPOOL_KEEP": "failed"},
			with(func(l *limits) {
				l.privateConns, l.connectTimeout, l.required, l.setupWait, l.keepFailed = 1, 2*time.Second, true, 3*time.Minute, true
			})},
		{"keep nothing", []Option{URL(url), KeepFailed()}, map[string]string{"TESTPOOL_KEEP": "none"}, defaults},
		{"every option", []Option{URL(url), PrivateConns(1), ConnectTimeout(2 * time.Second), Required(), SetupWait(3 * time.Minute), KeepFailed()}, nil,
			with(func(l *limits) {
				l.privateConns, l.connectTimeout, l.required, l.setupWait, l.keepFailed = 1, 2*time.Second, true, 3*time.Minute, true
			})},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var s settings
			s.apply(test.options)
			if err := s.resolve(func(name string) string { return test.env[name] }); err != nil {
				t.Fatal(err)
			}
			if s.limits != test.want {
				t.Errorf("got  %+v\nwant %+v", s.limits, test.want)
			}
		})
	}
}

func TestResolveErrors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		options []Option
		env     map[string]string
		want    string
	}{
		{nil, map[string]string{"TESTPOOL_MAX_CONNS": "many"}, "testpool: TESTPOOL_MAX_CONNS=many: "},
		{nil, map[string]string{"TESTPOOL_MAX_WAIT": "5"}, "testpool: TESTPOOL_MAX_WAIT=5: time: missing unit"},
		{nil, map[string]string{"TESTPOOL_REQUIRED": "please"}, "testpool: TESTPOOL_REQUIRED=please: "},
		{nil, map[string]string{"TESTPOOL_KEEP": "all"}, "testpool: TESTPOOL_KEEP=all: want failed or none"},
		{[]Option{SetupWait(-1)}, nil, "none may be negative"},
		{[]Option{MaxConns(-1)}, nil, "both must be at least 1"},
		{[]Option{MaxWait(-time.Second)}, nil, "none may be negative"},
	} {
		var s settings
		s.apply(test.options)
		err := s.resolve(func(name string) string { return test.env[name] })
		if err == nil {
			t.Errorf("%v: no error, want %q", test.env, test.want)
			continue
		}
		mustContain(t, err.Error(), test.want)
	}
}

func TestPoolConfig(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		url         string
		wantTimeout time.Duration
		wantName    string
	}{
		{"postgres://localhost/shop", 5 * time.Second, appName()},
		{"postgres://localhost/shop?connect_timeout=2&application_name=shop", 2 * time.Second, "shop"},
		{"host=localhost pool_min_conns=9", 5 * time.Second, appName()},
	} {
		s := settings{limits: limits{url: test.url}}
		config, err := s.poolConfig(3)
		if err != nil {
			t.Fatal(err)
		}
		if config.MaxConns != 3 || config.MinConns != 0 {
			t.Errorf("%s: %d to %d connections, want 0 to 3", test.url, config.MinConns, config.MaxConns)
		}
		if got := config.ConnConfig.ConnectTimeout; got != test.wantTimeout {
			t.Errorf("%s: connect timeout %s, want %s", test.url, got, test.wantTimeout)
		}
		if got := config.ConnConfig.RuntimeParams["application_name"]; got != test.wantName {
			t.Errorf("%s: application_name %q, want %q", test.url, got, test.wantName)
		}
	}
}
