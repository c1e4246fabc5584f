// Requests and replies of the HTTP endpoints, and the reply's bytes.
#pragma once

#include <httplib.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/session.hpp"

namespace threefactor::transport {

inline constexpr std::string_view kJson = "application/json; charset=utf-8";
inline constexpr std::string_view kGraphqlResponse = "application/graphql-response+json; charset=utf-8";
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

struct Reply {
  int status = 200;
  std::string_view content_type = kJson;
  std::string headers;  // further header lines, each ended by CRLF
  // The body is the three together: a result is framed without being copied.
  std::string_view prefix;
  std::string body;
  std::string_view suffix;

  std::size_t BodySize() const { return prefix.size() + body.size() + suffix.size(); }
};

// Status line and headers with the empty line. `connection_headers`: further header lines.
std::string MakeHead(const Reply& reply, std::string_view date, std::string_view connection_headers, bool keep_alive);

// {"path","error","code"}: how everything but GraphQL reports errors.
Reply ErrorReply(int status, const Error& error);

// The connection that a request came on, as its handler sees it. May be kept until the answer; the client may be gone
// by then, which is not the handler's business.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void Send(Reply reply) = 0;               // once per request, on the loop's thread, now or later
  virtual std::string_view request_id() const = 0;  // of the request being answered; until Send
  // Called when the client disconnects before the answer; dropped by Send.
  virtual void OnDisconnect(std::function<void()> cancel) = 0;
  // Instead of Send: the connection becomes a WebSocket.
  virtual void BecomeWebSocket(const httplib::Request& request) = 0;
};

class BodyShare;

// A request as its handler gets it: borrowed for the time of the call.
struct HttpRequest {
  const httplib::Request& parsed;  // its body is empty
  std::string_view body;
  const Identity& identity;  // as the endpoint's Admit found it
  BodyShare& share;          // of the memory for bodies; held until the answer
  std::shared_ptr<Responder> responder;
};

// What a client sent, for an error message: no longer than a line.
std::string Shortened(std::string_view text);

// The value of a header, empty where there is none; of repeated ones the first.
std::string_view HeaderOf(const httplib::Request& request, const char* name);

// All headers, names in lower case. Throws Error(kAccessDenied) where one that says who asks (Authorization,
// X-Hasura-*) is given twice: whoever stands in front may have believed the other.
std::map<std::string, std::string> LowerCaseHeaders(const httplib::Request& request);

}  // namespace threefactor::transport
