// cpp-httplib's server over a stream of ours, since its own reading percent-decodes the values of headers: a signature,
// an idempotency key or a trace must arrive as it was sent.
#pragma once

#include <memory>

// The class of cpp-httplib changes its layout with its macros: only kit/*.cpp may include it.
namespace httplib {
class Server;
}

namespace threefactor::kit {

// A server that takes the values of headers byte for byte, and otherwise is as the library's.
std::unique_ptr<httplib::Server> MakeHttpServer();

}  // namespace threefactor::kit
