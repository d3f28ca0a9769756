package tenantname

import (
	"slices"
	"testing"
)

func TestIdentifies(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"TenantID": true, "tenant": true, "org_slug": true, "orgID": true, "organisationName": true, "workspaces": true,
		"subdomain": true, "slug": true, "X-Tenant-ID": true, "tenantid": true, "orgslug": true, "testOrgName": true, "brandID": true,
		"orgRole": false, "organizer": false, "id": false, "name": false, "accounting": false, "tenantless": false, "": false,
	} {
		if got := Identifies(name, []string{"Brand"}); got != want {
			t.Errorf("Identifies(%q) = %t", name, got)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"OrganizationIDs": {"organization", "ids"}, "HTTPServer": {"http", "server"}, "tenant-a1": {"tenant", "a"}, "x_y.z": {"x", "y", "z"}, "": nil,
	} {
		if got := Split(name); !slices.Equal(got, want) {
			t.Errorf("Split(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	columns := Columns()
	if columns[0] != "tenantid" || slices.Index(columns, "orgid") > slices.Index(columns, "accountid") || slices.Index(columns, "accountid") > slices.Index(columns, "teamid") {
		t.Errorf("not from the most telling: %q", columns)
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	for column, want := range map[string][]string{
		"organizationid": {"organizationuuid", "organizationuid", "organizationid"},
		"tenant":         {"tenant"},
		"orgslug":        {"orgslug"},
	} {
		if got := Spellings(column); !slices.Equal(got, want) {
			t.Errorf("Spellings(%q) = %q", column, got)
		}
	}
	for column, want := range map[string]bool{"projectid": true, "projectuuid": true, "spaceuid": true, "organizationuuid": false, "project": true} {
		if got := Divides(column); got != want {
			t.Errorf("Divides(%q) = %t", column, got)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		tenant, table bool // means a tenant; speaks of tenants themselves
	}{
		{"tenantID", true, false},
		{"TenantID", true, false},
		{"tenant_id", true, false},
		{"OrgSlug", true, true},
		{"organizationIDs", false, false},
		{"slug", true, true},
		{"subdomain", true, true},
		{"testTenant", true, true},
		{"workspaces", true, true},
		{"CreateTenantParams", false, true},
		{"createOrganization", false, true},
		{"orgRole", false, false},
		{"tenantCount", false, false},
		{"projectSlug", false, true},
		{"userID", false, false},
		{"name", false, false},
		{"", false, false},
	}
	for _, test := range tests {
		if got := Identifies(test.name, nil); got != test.tenant {
			t.Errorf("Identifies(%q) = %t", test.name, got)
		}
		if got := Speaks(test.name, nil); got != test.table {
			t.Errorf("Speaks(%q) = %t", test.name, got)
		}
	}
}
