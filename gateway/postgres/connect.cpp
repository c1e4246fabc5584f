#include "postgres/connect.hpp"

#include <initializer_list>
#include <new>
#include <vector>

namespace threefactor::postgres {

namespace {

struct Parameter {
  const char* keyword;
  const char* value;
};

// What precedes dbname gives defaults to the connection string's own settings; what follows overrides them.
struct Parameters {
  Parameters(const char* connection_string, const char* application_name, std::initializer_list<Parameter> overrides) {
    for (const Parameter& each : {Parameter{"connect_timeout", "10"}, Parameter{"keepalives_idle", "30"},
                                  Parameter{"keepalives_interval", "10"}, Parameter{"keepalives_count", "3"},
                                  Parameter{"fallback_application_name", application_name},
                                  Parameter{"dbname", connection_string}, Parameter{"client_encoding", "UTF8"}})
      Add(each);
    for (const Parameter& each : overrides) Add(each);
    Add({nullptr, nullptr});
  }

  std::vector<const char*> keywords;
  std::vector<const char*> values;

 private:
  void Add(const Parameter& parameter) {
    keywords.push_back(parameter.keyword);
    values.push_back(parameter.value);
  }
};

// libpq would print NOTICE and WARNING messages to stderr, which is the log.
ConnectionHandle WithoutNotices(PGconn* connection) {
  if (connection == nullptr) throw std::bad_alloc();
  PQsetNoticeReceiver(
      connection, [](void* /*context*/, const PGresult* /*notice*/) {}, nullptr);
  return ConnectionHandle(connection);
}

}  // namespace

bool IsConnectionString(const std::string& connection_string) {
  return OptionsHandle(PQconninfoParse(connection_string.c_str(), nullptr)) != nullptr;
}

ConnectionHandle Connect(const std::string& connection_string, const char* application_name) {
  const Parameters all(connection_string.c_str(), application_name, {});
  return WithoutNotices(PQconnectdbParams(all.keywords.data(), all.values.data(), 1));
}

ConnectionHandle StartConnecting(const std::string& connection_string, const char* application_name,
                                 const Addresses& addresses) {
  const Parameters all(
      connection_string.c_str(), application_name,
      {{"host", addresses.host.c_str()}, {"hostaddr", addresses.hostaddr.c_str()}, {"port", addresses.port.c_str()}});
  return WithoutNotices(PQconnectStartParams(all.keywords.data(), all.values.data(), 1));
}

}  // namespace threefactor::postgres
