// Whether the catalog has changed since it was read, for a fraction of what reading it costs.
#pragma once

#include <string_view>

namespace threefactor::schema {

// The SQL text whose single value is a text that differs after each committed change of what CatalogQuery reads: DDL,
// privileges, memberships, comments, metadata. To run under kCatalogSearchPath; no parameters. It may also differ
// where nothing that is read has changed. Costs some 15 us for each user table (5 ms for 300 of 12 columns).
std::string_view CatalogVersionQuery();

// The same of roles alone, of which no signal tells: they belong to the cluster, not to the database. Cheap (0.2 ms for
// some tens of roles).
std::string_view RolesVersionQuery();

}  // namespace threefactor::schema
