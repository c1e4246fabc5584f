// How the gateway connects: the parameters that each of its connections has, whichever part of it opens one.
#pragma once

#include <string>

#include "postgres/handles.hpp"
#include "postgres/resolver.hpp"

namespace threefactor::postgres {

// Whether libpq understands `connection_string`: a URL, or "host=... dbname=...". The message that libpq has for one
// that it does not understand would quote it, and with it a password.
bool IsConnectionString(const std::string& connection_string);

// Connects, and returns when that is done or has failed, which PQstatus tells, at the latest after some ten seconds for
// each address. `application_name`: where the string has none. Throws std::bad_alloc.
ConnectionHandle Connect(const std::string& connection_string, const char* application_name);

// Begins to connect, without blocking, to addresses that were looked up before. PQconnectPoll continues. Throws
// std::bad_alloc.
ConnectionHandle StartConnecting(const std::string& connection_string, const char* application_name,
                                 const Addresses& addresses);

}  // namespace threefactor::postgres
