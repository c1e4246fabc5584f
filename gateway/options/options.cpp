#include "options/options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <set>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "options/authority.hpp"
#include "options/environment.hpp"
#include "options/option_table.hpp"
#include "options/wrapped.hpp"

namespace threefactor {

namespace {

using Unit = OptionRow::Unit;

// Null: it is not set.
const char* Variable(std::string_view name) {
  return name.empty() ? nullptr : std::getenv(std::string(name).c_str());
}

// What the environment gives an option: ours wins where both variables are set.
const char* ValueFromEnvironment(const OptionRow& row) {
  const char* ours = Variable(row.variable);
  return ours == nullptr ? Variable(row.hasuras) : ours;
}

// The arguments, and as further arguments the environment's values of options that are not among them: last one first,
// as CLI11 takes them. CLI11 can read variables itself, but later versions of it ignore a value that is not valid.
std::vector<std::string> Arguments(std::span<char*> given) {
  std::vector<std::string> arguments(given.begin(), given.end());
  for (const OptionRow& row : OptionTable()) {
    const auto sets_it = [&](std::string_view word) {
      return word.starts_with(row.flag) && (word.size() == row.flag.size() || word[row.flag.size()] == '=');
    };
    const char* value = ValueFromEnvironment(row);
    if (value != nullptr && *value != '\0' && std::none_of(given.begin(), given.end(), sets_it))
      arguments.push_back(fmt::format("{}={}", row.flag, value));
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

CLI::Validator Within(const OptionRow& row) {
  return CLI::Validator(
      [&row](const std::string& text) -> std::string {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool is_number = error == std::errc() && end == text.data() + text.size();
        if (is_number && number >= row.range->least && number <= row.range->most) return {};
        return fmt::format("{} is not a number {}", text, RangeText(row));
      },
      "");
}

CLI::Option* Declare(CLI::App& app, const OptionRow& row, Options::Debug* debug) {
  return app.add_option_function<std::string>(std::string(row.flag), [&row, debug](const std::string& word) {
    const auto found = std::find(row.choices.begin(), row.choices.end(), word);
    *debug = static_cast<Options::Debug>(found - row.choices.begin());
  });
}

CLI::Option* Declare(CLI::App& app, const OptionRow& row, bool* value) {
  return row.is_switch ? app.add_flag(std::string(row.flag), *value) : app.add_option(std::string(row.flag), *value);
}

CLI::Option* Declare(CLI::App& app, const OptionRow& row, std::vector<std::string>* list) {
  return app.add_option(std::string(row.flag), *list)->delimiter(',');
}

template <typename Value>
CLI::Option* Declare(CLI::App& app, const OptionRow& row, Value* value) {
  return app.add_option(std::string(row.flag), *value);
}

void Declare(CLI::App& app, const OptionRow& row, RawOptions& raw) {
  CLI::Option* option = std::visit([&](auto* target) { return Declare(app, row, target); }, row.target(raw));
  if (!row.choices.empty())
    option->transform(
        CLI::IsMember(std::vector<std::string>(row.choices.begin(), row.choices.end()), CLI::ignore_case));
  if (row.range) option->check(Within(row));
  if (row.unit == Unit::kBytes || row.unit == Unit::kCharacters) option->transform(CLI::AsSizeValue(false));
}

constexpr std::size_t kHelpWidth = 100;

std::string HelpText() {
  std::string help =
      "Serves a PostgreSQL database as GraphQL.\nUsage: threefactor-gateway [OPTIONS]\n"
      "       threefactor-gateway import PATH [--apply] [--partial] [OPTIONS]\n"
      "       threefactor-gateway schema [--role ROLE] [OPTIONS]\n\n"
      "import shows what the metadata of a Hasura project (a directory, or a file of YAML or JSON) would make, what "
      "would\n"
      "go, and what cannot be made; --apply does it in one transaction, --partial although some of it cannot be. The "
      "exit\n"
      "code is 2 where something cannot be done. schema prints what a role is served, in GraphQL's definition "
      "language.\n\n"
      "Every option can also be given by its environment variable; the option wins, then THREEFACTOR_*.\n\n"
      "  -h, --help\n      Print this text and exit.\n  --version\n      Print the version and exit.\n";
  for (const OptionRow& row : OptionTable()) {
    if (row.is_hidden) continue;
    const std::string_view value = ValueWord(row);
    const std::string range = RangeText(row);
    help += fmt::format("  {}{}{}\n", row.flag, value.empty() ? "" : " ", value);
    std::string text = fmt::format("{}.", row.text);
    if (!range.empty()) text += fmt::format(" Allowed: {}.", range);
    help += Wrapped(fmt::format("{} Default: {}.", text, DefaultText(row)), kHelpWidth, "      ");
    help += fmt::format("      [{}{}{}]\n", row.variable, row.hasuras.empty() ? "" : " or ", row.hasuras);
  }
  return help + "\nA SIZE may have a unit of powers of 1024: 512KB, 16MB, 1GB.\n";
}

void SplitListen(const std::string& listen, Options& options) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  int port = -1;
  if (colon != std::string::npos) {
    const std::string digits = listen.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc() || end != digits.data() + digits.size()) port = -1;
  }
  if (host == "*") host = "0.0.0.0";
  if (host.empty() || port < 0 || port > 65535)
    throw std::runtime_error(fmt::format("--listen: \"{}\" is not HOST:PORT with a port from 0 to 65535", listen));
  options.listen_host = host;
  options.listen_port = port;
}

bool IsLoopback(const std::string& host) {
  return IsLoopbackName(host) || host == "::1";
}

// What a header can carry: values are trimmed, and hold no control character.
void CheckAdminSecret(const std::string& secret) {
  const bool has_blank = !secret.empty() && (secret.front() == ' ' || secret.back() == ' ');
  if (has_blank || std::any_of(secret.begin(), secret.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
    throw std::runtime_error(
        "--admin-secret begins or ends with a blank, or holds a control character (a line end from a file?): no "
        "request "
        "could carry it");
}

// An empty value of what protects something is a mistake, as of a variable that was not set where it was copied from.
void RefuseEmpty(const CLI::App& app, const OptionRow& row) {
  for (const std::string_view name : {row.variable, row.hasuras})
    if (const char* value = Variable(name); value != nullptr && *value == '\0')
      throw std::runtime_error(fmt::format("{} is set but empty; give it a value, or do not set it", name));
  const CLI::Option* option = app.get_option(std::string(row.flag));
  const auto& results = option->results();
  if (option->count() > 0 && std::all_of(results.begin(), results.end(), [](const auto& r) { return r.empty(); }))
    throw std::runtime_error(fmt::format("{} is empty; give it a value, or leave it out", row.flag));
}

std::vector<std::string> SplitOrigins(const std::vector<std::string>& given) {
  std::vector<std::string> origins;
  for (std::string_view origin : given) {
    while (!origin.empty() && origin.front() == ' ') origin.remove_prefix(1);
    while (!origin.empty() && origin.back() == ' ') origin.remove_suffix(1);
    origins.emplace_back(origin);
  }
  CheckOrigins(origins);
  return origins;
}

std::vector<std::string> ReadAdminSecrets(const std::string& text) {
  JsonDocument document;
  try {
    document = ParseJson(text, "it");
  } catch (const Error&) {  // which might repeat a secret
    document = {};
  }
  std::vector<std::string> secrets;
  for (const Json& secret : document.root().Items())
    secrets.emplace_back(secret.IsString() ? secret.Text() : std::string_view());
  if (secrets.empty() || std::any_of(secrets.begin(), secrets.end(), [](const auto& each) { return each.empty(); }))
    throw std::runtime_error("--admin-secrets is not a list in JSON of one or more texts, as [\"new\", \"old\"]");
  return secrets;
}

void TakeAdminSecrets(const RawOptions& raw, Options& options) {
  if (raw.admin_secrets.empty()) return;
  if (!options.admin_secret.empty())
    throw std::runtime_error(
        "--admin-secret and --admin-secrets are both given: leave the first out, or add it to the list");
  std::vector<std::string> secrets = ReadAdminSecrets(raw.admin_secrets);
  options.admin_secret = secrets.front();
  options.further_admin_secrets.assign(secrets.begin() + 1, secrets.end());
}

void TakeJwtSecrets(const RawOptions& raw, Options& options) {
  if (!raw.jwt_secret.empty() && !raw.jwt_secrets.empty())
    throw std::runtime_error(
        "--jwt-secret and --jwt-secrets are both given: leave the first out, or add it to the list");
  try {
    if (!raw.jwt_secret.empty()) options.jwt_secrets = {auth::ReadJwtSecret(raw.jwt_secret)};
    if (!raw.jwt_secrets.empty()) options.jwt_secrets = auth::ReadJwtSecrets(raw.jwt_secrets);
  } catch (const Error& error) {
    throw std::runtime_error(fmt::format("{}: {}",
                                         raw.jwt_secret.empty() ? "--jwt-secrets (HASURA_GRAPHQL_JWT_SECRETS)"
                                                                : "--jwt-secret (HASURA_GRAPHQL_JWT_SECRET)",
                                         error.message()));
  }
}

void CheckAuthentication(const Options& options) {
  const std::pair<bool, std::string_view> given[] = {
      {!options.jwt_secrets.empty(), "--jwt-secret (HASURA_GRAPHQL_JWT_SECRET)"},
      {!options.auth_hook.url.empty(), "--auth-hook (HASURA_GRAPHQL_AUTH_HOOK)"},
      {!options.unauthorized_role.empty(), "--unauthorized-role (HASURA_GRAPHQL_UNAUTHORIZED_ROLE)"}};
  for (const auto& [is_given, name] : given)
    if (is_given && options.admin_secret.empty())
      throw std::runtime_error(
          fmt::format("{} requires --admin-secret (HASURA_GRAPHQL_ADMIN_SECRET): without one "
                      "everyone is an administrator",
                      name));
  const std::string& url = options.auth_hook.url;
  if (!url.empty() && !options.jwt_secrets.empty())
    throw std::runtime_error("--auth-hook and --jwt-secret cannot both be given");
  if (!url.empty() && !options.unauthorized_role.empty())
    throw std::runtime_error(
        "--unauthorized-role cannot be given with --auth-hook: the webhook says the role of everyone");
  if (!url.empty() && !url.starts_with("http://") && !url.starts_with("https://"))
    throw std::runtime_error("--auth-hook is not a URL of http or https");
  if (options.unauthorized_role == "admin")
    throw std::runtime_error("--unauthorized-role must not be admin: everyone would be an administrator");
  const bool is_any_origin =
      std::find(options.cors_origins.begin(), options.cors_origins.end(), "*") != options.cors_origins.end();
  for (const auto& issuer : options.jwt_secrets)
    if (issuer.place.kind == auth::TokenPlace::Kind::kCookie && is_any_origin)
      throw std::runtime_error(
          "a token in a cookie (\"header\" of --jwt-secret) needs --cors-origins with the origins of your pages: a "
          "browser sends the cookie for any page, and \"*\" lets any call");
}

void Check(const Options& options) {
  if (options.database_url.empty())
    throw std::runtime_error("--database-url is missing (or THREEFACTOR_DATABASE_URL): where is the database?");
  if (options.body_memory_bytes < options.max_body_bytes)
    throw std::runtime_error("--body-memory is less than --max-body: not one body of that size could be read");
  CheckAdminSecret(options.admin_secret);
  for (const std::string& secret : options.further_admin_secrets) CheckAdminSecret(secret);
  CheckAuthentication(options);
  if (options.schemas.empty()) throw std::runtime_error("--schemas names no schema");
  if (options.admin_secret.empty() && !options.insecure && !IsLoopback(options.listen_host))
    throw std::runtime_error(
        fmt::format("without --admin-secret everyone is an administrator, so only loopback may be listened on, not {}; "
                    "set --admin-secret, listen on 127.0.0.1, or say --insecure",
                    options.listen_host));
}

}  // namespace

bool ParseOptions(int argc, char** argv, Options& options, int& exit_code) {
  CLI::App app("", "threefactor-gateway");
  app.set_version_flag("--version", std::string("threefactor-gateway ") + THREEFACTOR_VERSION);
  app.formatter_fn([](const CLI::App*, const std::string&, CLI::AppFormatMode) { return HelpText(); });
  RawOptions raw;
  std::set<std::string> understood;  // variables
  for (const OptionRow& row : OptionTable()) {
    Declare(app, row, raw);
    for (const std::string_view name : {row.variable, row.hasuras}) understood.emplace(name);
  }
  try {
    app.parse(Arguments(std::span(argv, static_cast<std::size_t>(argc)).subspan(1)));
  } catch (const CLI::Success& help_or_version) {
    exit_code = app.exit(help_or_version);
    return false;
  } catch (const CLI::ParseError& error) {
    throw std::runtime_error(fmt::format("{} (--help lists all options)", error.what()));
  }

  for (const OptionRow& row : OptionTable())
    if (row.protects) RefuseEmpty(app, row);
  options = raw.options;
  TakeAdminSecrets(raw, options);
  TakeJwtSecrets(raw, options);
  options.auth_hook = {raw.auth_hook, raw.auth_hook_mode == "POST", raw.auth_hook_sends_request};
  options.ignored_variables = IgnoredVariables(environ, understood);
  options.cors_origins = SplitOrigins(options.cors_origins);
  std::string listen = raw.listen;
  if (app.get_option("--listen")->count() == 0) {  // nor its variable, which counts too
    const std::size_t colon = listen.rfind(':');
    listen = (raw.hasura_host.empty() ? listen.substr(0, colon) : raw.hasura_host) +
             (raw.hasura_port > 0 ? fmt::format(":{}", raw.hasura_port) : listen.substr(colon));
  }
  SplitListen(listen, options);
  if (raw.hasura_drain_seconds >= 0) options.drain_timeout_ms = raw.hasura_drain_seconds * 1000;
  Check(options);
  return true;
}

}  // namespace threefactor
