// The functions as one process. On a serverless platform each would be deployed by itself.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "functions.hpp"
#include "kit/server.hpp"

namespace {

using threefactor::kit::Call;
using threefactor::kit::Database;

// Throws CLI::ValidationError.
std::pair<std::string, int> HostAndPort(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  int port = 0;
  if (colon != std::string::npos && CLI::detail::lexical_cast(listen.substr(colon + 1), port) && port > 0 &&
      port < 65536) {
    return {listen.substr(0, colon), port};
  }
  throw CLI::ValidationError("--listen", "'" + listen + "' is not HOST:PORT");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Handlers of the food-ordering app", "food-ordering-handlers");
  std::string listen = "127.0.0.1:8081";
  std::string database_url;
  int connections = 8;
  int threads = 128;
  app.add_option("--listen", listen, "Address to serve on, HOST:PORT")->capture_default_str();
  app.add_option("--database-url", database_url, "The app's database")->envname("DATABASE_URL")->required();
  app.add_option("--connections", connections, "Database connections")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option("--threads", threads, "HTTP connections served at once")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  std::vector<std::string> secrets;
  app.add_option("--secret", secrets, "Secret that events are signed with (whsec_...); two while they rotate")
      ->envname("WEBHOOK_SECRET")
      ->delimiter(',');
  try {
    app.parse(argc, argv);
    const auto [host, port] = HostAndPort(listen);
    Database database(database_url, connections);
    threefactor::kit::Server server(threads);
    std::shared_ptr<const threefactor::kit::Verifier> verifier;
    if (!secrets.empty()) verifier = std::make_shared<threefactor::kit::Verifier>(secrets);
    using namespace threefactor::food_ordering;  // NOLINT(google-build-using-namespace)
    // The frontend calls this one; the others are called by events.
    server.On("/payment", [&](const Call& call) { return Payment(database, call); });
    server.On(
        "/validate-order", [&](const Call& call) { return ValidateOrder(database, call); }, verifier);
    server.On(
        "/restaurant-approval", [&](const Call& call) { return RestaurantApproval(database, call); }, verifier);
    server.On(
        "/agent-assignment", [&](const Call& call) { return AgentAssignment(database, call); }, verifier);
    server.On(
        "/payment-failed", [&](const Call& call) { return PaymentFailed(database, call); }, verifier);
    server.Serve(host, port);
    return EXIT_SUCCESS;
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "food-ordering-handlers: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
