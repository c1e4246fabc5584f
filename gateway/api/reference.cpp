#include "api/reference.hpp"

#include <fmt/format.h>

#include <string_view>

#include "api/endpoints.hpp"
#include "options/environment.hpp"
#include "options/option_table.hpp"
#include "options/wrapped.hpp"

namespace threefactor {

namespace {

constexpr std::size_t kWidth = 118;

constexpr std::string_view kIntroduction = R"(# Reference of the gateway: options and endpoints

The program writes this page: `threefactor-gateway --print-reference`.

- [Options](#options)
- [Variables of Hasura](#variables-of-hasura)
- [Endpoints](#endpoints)

## Options

Each option can be given on the command line or by its environment variable. The command line wins, then the variable
`THREEFACTOR_*`, then the one of Hasura, `HASURA_GRAPHQL_*`. A SIZE may have a unit of powers of 1024: `512KB`, `16MB`,
`1GB`. A LIST is separated by commas. A BOOLEAN is `true` or `false`.

)";

constexpr std::string_view kVariables = R"(## Variables of Hasura

These variables have the meaning that they have in Hasura:

| variable | option |
| --- | --- |
)";

constexpr std::string_view kRefused = R"(
The gateway never serves more than its operator believes: what protects something in Hasura and is not served stops the
start. So does every other variable whose name begins with `HASURA_GRAPHQL_` or `THREEFACTOR_` and tells of protection,
for example by SECRET, ROLE or LIMIT. The rest of them change nothing; the log names them.

)";

constexpr std::string_view kEndpoints = R"(## Endpoints

Requests of web pages are judged first: a page of an origin that `--cors-origins` does not name gets 403, and nothing
runs. A body whose content type is another than stated gets 415, an unknown path 404, another method 405 with `Allow`,
a body larger than `--max-body` 413. Bodies may be sent with `Content-Encoding: gzip`.
Errors of GraphQL are `{"errors": [...]}`; those of all other endpoints are `{"path", "error", "code"}`.

A *caller* sends the admin secret as `X-Hasura-Admin-Secret` (or `X-Hasura-Access-Key`), or what `--jwt-secret` or
`--auth-hook` ask for, or has the role of `--unauthorized-role`. Without `--admin-secret` everyone who can connect is an
administrator. Only the role `admin` is supported.

)";

std::string Code(std::string_view text) {
  return fmt::format("`{}`", text);
}

std::string Variables(const OptionRow& row) {
  std::string list;
  for (const std::string_view name : {row.variable, row.hasuras})
    if (!name.empty()) list += (list.empty() ? "" : ", ") + Code(name);
  return list;
}

std::string DescribeOption(const OptionRow& row) {
  const std::string_view value = ValueWord(row);
  std::string section = fmt::format("### `{}{}{}`\n\n", row.flag, value.empty() ? "" : " ", value);
  section += Wrapped(fmt::format("{}.", row.text), kWidth, "") + '\n';
  if (const std::string range = RangeText(row); !range.empty()) section += fmt::format("- Allowed: {}\n", range);
  section += fmt::format("- Default: {}\n", row.otherwise.empty() ? Code(DefaultText(row)) : DefaultText(row));
  return section + fmt::format("- Environment: {}\n\n", Variables(row));
}

std::string_view MethodsText(api::EndpointRow::Methods methods) {
  using Methods = api::EndpointRow::Methods;
  switch (methods) {
    case Methods::kGet:
      return "GET";
    case Methods::kPost:
      return "POST";
    case Methods::kGetAndPost:
      return "GET, POST";
    case Methods::kOptions:
      break;
  }
  return "OPTIONS";
}

std::string_view AccessText(api::EndpointRow::Access access) {
  using Access = api::EndpointRow::Access;
  switch (access) {
    case Access::kEveryone:
      return "everyone, without a secret";
    case Access::kCaller:
      return "a caller";
    case Access::kAdmin:
      break;
  }
  return "a caller who is an administrator";
}

std::string DescribeEndpoint(const api::EndpointRow& row) {
  const bool is_every_path = row.path == "*";
  std::string section =
      fmt::format("### {} {}\n\n", MethodsText(row.methods), is_every_path ? "on every path" : Code(row.path));
  section += Wrapped(row.answers, kWidth, "") + '\n';
  if (!row.accepts.empty()) section += fmt::format("- Body of a POST: {}\n", Code(row.accepts));
  return section + fmt::format("- Who may: {}\n\n", AccessText(row.access));
}

}  // namespace

std::string ReferencePage() {
  std::string page(kIntroduction);
  for (const OptionRow& row : OptionTable()) page += DescribeOption(row);
  page += kVariables;
  for (const OptionRow& row : OptionTable())
    if (!row.hasuras.empty()) page += fmt::format("| {} | {} |\n", Code(row.hasuras), Code(row.flag));
  page += kRefused;
  for (const RefusedVariable& variable : RefusedVariables())
    page += Wrapped(fmt::format("{} {}: {}.", Code(variable.name), variable.when, variable.advice), kWidth, "- ");
  page.append("\n").append(kEndpoints);
  for (const api::EndpointRow& row : api::EndpointTable()) page += DescribeEndpoint(row);
  page.pop_back();  // the empty line at the end
  return page;
}

}  // namespace threefactor
