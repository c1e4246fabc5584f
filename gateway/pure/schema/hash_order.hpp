// The order in which Hasura lists the values of an enum table in a message: that of its hash map (hashable 1.3, FNV-1
// over UTF-16; unordered-containers, four bits a level). Clients and test suites compare messages as a whole, so it is
// part of the dialect.
#pragma once

#include <cstdint>
#include <string_view>

namespace threefactor::schema {

// Of two names, the one with the smaller place comes first. A name is ASCII, as those of GraphQL are.
std::uint64_t HashPlace(std::string_view name);

}  // namespace threefactor::schema
