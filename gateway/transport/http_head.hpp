// What the head of a request says (RFC 9110, 9112). cpp-httplib percent-decodes the values of headers and cuts those of
// parameters at a second "=": so both are read here, headers byte for byte, parameters decoded once. Pure.
#pragma once

#include <httplib.h>

#include <string>
#include <string_view>

namespace threefactor::transport {

// The request line, its target in parts. Borrows the head.
struct RequestLine {
  std::string_view method;
  std::string_view authority;  // of a target in absolute form; empty: it is a path
  std::string_view path;       // as sent, never empty
  std::string_view query;      // as sent, without its "?"
  std::string_view version;
};

// `head`: as RequestFraming found it well-formed.
RequestLine ReadRequestLine(std::string_view head);
// Without blanks around the values; nothing in them is decoded. Names compare without regard to case.
httplib::Headers ReadHeaders(std::string_view head);
// application/x-www-form-urlencoded, as the URL standard reads it: "+" is a blank, and a "%" without two digits itself.
httplib::Params ReadParameters(std::string_view query);

}  // namespace threefactor::transport
