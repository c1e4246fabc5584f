// Finds what a statement would look up by the search_path. Knows as much SQL as the gateway writes.
#pragma once

#include <string>
#include <string_view>

namespace threefactor::qualified {

// The first operator, function, type or collation in `sql` without a schema, with what follows; empty: there is none.
std::string FindUnqualified(std::string_view sql);

}  // namespace threefactor::qualified
