#include "transport/schema_reload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "execute/text_array.hpp"
#include "failure_log.hpp"

namespace threefactor::transport {

namespace {

constexpr std::chrono::milliseconds kDebounce(50);  // a migration is many statements
constexpr std::chrono::milliseconds kFirstRetry(200);
constexpr std::chrono::milliseconds kLongestRetry(10'000);
constexpr int kQuietFactor = 10;  // healing that found nothing to heal may take a tenth of one connection's time
constexpr std::chrono::milliseconds kPollInterval(5'000);  // where nothing tells of DDL

}  // namespace

std::vector<sql::Statement> CatalogStatements(const std::vector<std::string>& schemas) {
  return {{std::string(schema::kCatalogSearchPath), {}, "$", ""},
          {std::string(schema::CatalogQuery()), {execute::TextArray(schemas)}, "$", ""}};
}

SchemaReload::SchemaReload(const Options& options, Loop& home, execute::Executor& executor, Publish publish)
    : options_(options), home_(home), executor_(executor), publish_(std::move(publish)), retry_(kFirstRetry) {}

SchemaReload::~SchemaReload() {
  home_.Cancel(soon_);
  home_.Cancel(poll_);
  home_.Cancel(healing_timer_);
}

void SchemaReload::SetPolling(bool polling) {
  home_.Cancel(poll_);
  if (!polling) return;
  poll_ = home_.After(kPollInterval, [this] {
    if (!running_) Add({home_, [](const std::optional<Error>&) {}});
    SetPolling(true);
  });
}

void SchemaReload::Request(Loop& asking, Done done) {
  home_.Post([this, waiter = Waiter{asking, std::move(done)}] { Add(waiter); });
}

void SchemaReload::RequestHealing(Loop& asking, Done done) {
  home_.Post([this, waiter = Waiter{asking, std::move(done)}] { AddHealing(waiter); });
}

void SchemaReload::AddHealing(Waiter waiter) {
  const auto now = Loop::Clock::now();
  if (now >= quiet_until_) return Add(std::move(waiter));
  healing_.push_back(std::move(waiter));
  if (healing_.size() > 1) return;
  const auto delay = std::chrono::ceil<std::chrono::milliseconds>(quiet_until_ - now);
  healing_timer_ = home_.After(delay, [this] {
    for (Waiter& each : std::exchange(healing_, {})) waiting_.push_back(std::move(each));
    if (!running_) Run();
  });
}

void SchemaReload::RequestSoon() {
  RequestAfter(kDebounce);
}

void SchemaReload::RequestAfter(std::chrono::milliseconds delay) {
  home_.Cancel(soon_);
  soon_ = home_.After(delay, [this] { Add({home_, [](const std::optional<Error>&) {}}); });
}

void SchemaReload::Add(Waiter waiter) {
  waiting_.push_back(std::move(waiter));
  if (!running_) Run();
}

void SchemaReload::Run() {
  running_ = true;
  started_ = Loop::Clock::now();
  served_ = std::exchange(waiting_, {});
  executor_.RunStatements(CatalogStatements(options_.schemas), {},
                          [this](const execute::Executor::RowsOutcome& outcome) { OnCatalog(outcome); });
}

void SchemaReload::OnCatalog(const execute::Executor::RowsOutcome& outcome) {
  if (const Error* error = std::get_if<Error>(&outcome)) return Finish(*error);
  std::shared_ptr<const schema::Schema> schema;
  try {
    const auto& rows = std::get<std::vector<execute::Executor::Rows>>(outcome).back().rows;
    std::string catalog = rows.at(0).at(0).value_or("");
    if (catalog == latest_) {
      const auto now = Loop::Clock::now();
      quiet_until_ = now + kQuietFactor * (now - started_);
      return Finish(std::nullopt);
    }
    schema = schema::BuildSchema(schema::ParseCatalog(catalog, "admin", options_.stringify_numeric_types));
    latest_ = std::move(catalog);
  } catch (const Error& error) {
    return Finish(error);
  } catch (const std::exception& error) {
    return Finish(Error(code::kUnexpected, error.what()));
  }
  publish_(std::move(schema), [this] { Finish(std::nullopt); });
}

void SchemaReload::Finish(const std::optional<Error>& error) {
  if (error) {
    // Nobody may ask again: the signal that led here comes once.
    spdlog::error("the schema could not be read again, the old one stays until the next attempt: {}",
                  error->sqlstate().empty() ? error->message() : FailureKind(*error));
    RequestAfter(retry_);
    retry_ = std::min(retry_ * 2, kLongestRetry);
  } else {
    retry_ = kFirstRetry;
  }
  for (Waiter& waiter : std::exchange(served_, {}))
    waiter.loop.Post([done = std::move(waiter.done), error] { done(error); });
  running_ = false;
  if (!waiting_.empty()) Run();
}

}  // namespace threefactor::transport
