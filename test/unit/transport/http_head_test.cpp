#include "transport/http_head.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "transport/http_message.hpp"

using namespace threefactor::transport;

namespace {

std::string Parameter(const std::string& query, const std::string& name) {
  const auto parameters = ReadParameters(query);
  const auto found = parameters.find(name);
  return found == parameters.end() ? "(none)" : found->second;
}

}  // namespace

TEST_CASE("values of headers are taken byte for byte", "[http]") {
  const auto headers = ReadHeaders(
      "GET / HTTP/1.1\r\nHost: a%41\r\nX-Secret:  p%20q%0d%0aInjected: yes%25+ \t\r\nEmpty:\r\nx-two: 1\r\nX-Two: 2\r\n"
      "Other: a:b=c?d\r\n\r\n");
  CHECK(headers.size() == 6);
  CHECK(headers.find("HOST")->second == "a%41");
  CHECK(headers.find("x-secret")->second == "p%20q%0d%0aInjected: yes%25+");
  CHECK(headers.find("empty")->second.empty());
  CHECK(headers.count("x-two") == 2);
  CHECK(headers.find("other")->second == "a:b=c?d");
  CHECK(ReadHeaders("GET / HTTP/1.1\r\n\r\n").empty());
}

TEST_CASE("parameters are decoded once", "[http]") {
  CHECK(Parameter("query=%7Ba%7D&x=1", "query") == "{a}");
  CHECK(Parameter("query=%257B", "query") == "%7B");
  CHECK(Parameter("query={a(b:%22c=d%22)}?x", "query") == "{a(b:\"c=d\")}?x");
  CHECK(Parameter("a=1&b", "b").empty());
  CHECK(Parameter("a=1+2%2B3", "a") == "1 2+3");
  CHECK(Parameter("a=50%&b=%zz&c=%4", "a") == "50%");
  CHECK(Parameter("a=50%&b=%zz&c=%4", "b") == "%zz");
  CHECK(Parameter("a=50%&b=%zz&c=%4", "c") == "%4");
  CHECK(Parameter("a=%u0041", "a") == "%u0041");
  CHECK(Parameter("%61=1", "a") == "1");
  CHECK(Parameter("", "a") == "(none)");
  CHECK(Parameter("&&=&a", "a").empty());
}

TEST_CASE("a request line in its parts", "[http]") {
  const RequestLine plain = ReadRequestLine("GET /a/b?c=d?e HTTP/1.1\r\nX: y\r\n\r\n");
  CHECK(plain.method == "GET");
  CHECK(plain.authority.empty());
  CHECK(plain.path == "/a/b");
  CHECK(plain.query == "c=d?e");
  CHECK(plain.version == "HTTP/1.1");
  const RequestLine absolute = ReadRequestLine("POST https://h:1?q HTTP/1.0\r\n\r\n");
  CHECK(absolute.authority == "h:1");
  CHECK(absolute.path == "/");
  CHECK(absolute.query == "q");
  CHECK(absolute.version == "HTTP/1.0");
  CHECK(ReadRequestLine("OPTIONS * HTTP/1.1\r\n\r\n").path == "*");
}

TEST_CASE("a header that says who asks is given once", "[http]") {
  httplib::Request request;
  request.headers = {{"X-Hasura-Role", "user"}, {"Accept", "a"}, {"accept", "b"}, {"Cookie", "c=%41"}};
  CHECK(LowerCaseHeaders(request) ==
        std::map<std::string, std::string>{{"accept", "a, b"}, {"cookie", "c=%41"}, {"x-hasura-role", "user"}});
  for (const char* name : {"x-hasura-role", "X-HASURA-ROLE"}) {
    httplib::Request twice = request;
    twice.headers.emplace(name, "admin");
    CHECK_THROWS_WITH(LowerCaseHeaders(twice), "the header x-hasura-role is given more than once");
  }
}
