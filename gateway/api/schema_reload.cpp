#include "api/schema_reload.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "execute/text_array.hpp"
#include "postgres/failure_log.hpp"
#include "schema/catalog_version.hpp"

namespace threefactor::api {

namespace {

constexpr std::chrono::milliseconds kDebounce(50);  // a migration is many statements
constexpr std::chrono::milliseconds kFirstRetry(200);
constexpr std::chrono::milliseconds kLongestRetry(10'000);
constexpr int kQuietFactor = 10;  // runs for healing that find nothing new may take a tenth of one connection's time
constexpr int kMostReads = 5;     // where the catalog changes all the time, one has to do
constexpr std::chrono::milliseconds kPollInterval(5'000);  // where nothing tells of DDL

}  // namespace

namespace {

sql::Statement VersionStatement() {
  return {std::string(schema::CatalogVersionQuery()), {}, "$", ""};
}

// The value of one row of one column.
std::string ValueOf(const execute::Executor::Rows& rows) {
  return rows.rows.at(0).at(0).value_or("");
}

}  // namespace

sql::Statement CatalogStatement(const std::vector<std::string>& schemas) {
  return {std::string(schema::CatalogQuery()), {execute::TextArray(schemas)}, "$", ""};
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
  home_.Post([this, waiter = Waiter{asking, std::move(done)}] {
    healing_.push_back(waiter);
    ContinueHealing();
  });
}

void SchemaReload::ContinueHealing() {
  if (is_asking_ || healing_timer_ != 0 || healing_.empty()) return;
  asked_ = Loop::Clock::now();
  if (asked_ < rest_until_) {
    healing_timer_ = home_.After(std::chrono::ceil<std::chrono::milliseconds>(rest_until_ - asked_), [this] {
      healing_timer_ = 0;
      ContinueHealing();
    });
    return;
  }
  is_asking_ = true;
  asking_ = std::exchange(healing_, {});
  executor_.RunStatements({{std::string(schema::kCatalogSearchPath), {}, "$", ""}, VersionStatement()}, {},
                          [this](const execute::Executor::RowsOutcome& outcome) { OnVersion(outcome); });
}

void SchemaReload::OnVersion(const execute::Executor::RowsOutcome& outcome) {
  is_asking_ = false;
  std::vector<Waiter> asking = std::exchange(asking_, {});
  const auto now = Loop::Clock::now();
  rest_until_ = now + (now - asked_);  // half of one connection's time, whatever is asked
  if (const Error* error = std::get_if<Error>(&outcome)) {
    Tell(std::move(asking), *error);
  } else if (ValueOf(std::get<std::vector<execute::Executor::Rows>>(outcome).back()) == version_) {
    Tell(std::move(asking), std::nullopt);
  } else if (now < quiet_until_) {
    // They ask again then.
    for (Waiter& waiter : std::exchange(healing_, std::move(asking))) healing_.push_back(std::move(waiter));
    rest_until_ = quiet_until_;
  } else {
    for (Waiter& waiter : asking) waiting_.push_back(std::move(waiter));
    if (!running_) Run();
  }
  ContinueHealing();
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
  reads_ = 0;
  Read();
}

// The version before is at most as new as the catalog, the one after tells whether it changed meanwhile.
void SchemaReload::Read() {
  ++reads_;
  executor_.RunStatements({{std::string(schema::kCatalogSearchPath), {}, "$", ""},
                           VersionStatement(),
                           CatalogStatement(options_.schemas),
                           VersionStatement()},
                          {}, [this](const execute::Executor::RowsOutcome& outcome) { OnCatalog(outcome); });
}

void SchemaReload::OnCatalog(const execute::Executor::RowsOutcome& outcome) {
  if (const Error* error = std::get_if<Error>(&outcome)) return Finish(*error);
  try {
    const auto& results = std::get<std::vector<execute::Executor::Rows>>(outcome);
    std::string version = ValueOf(results.at(1));
    if (version != ValueOf(results.at(3)) && reads_ < kMostReads) return Read();
    std::string catalog = ValueOf(results.at(2));
    if (catalog == latest_) {
      version_ = std::move(version);
      const auto now = Loop::Clock::now();
      quiet_until_ = now + kQuietFactor * (now - started_);
      return Finish(std::nullopt);
    }
    std::shared_ptr<const schema::Schema> schema =
        schema::BuildSchema(schema::ParseCatalog(catalog, "admin", options_.stringify_numeric_types));
    latest_ = std::move(catalog);
    publish_(std::move(schema), [this, version = std::move(version)] {
      version_ = version;
      Finish(std::nullopt);
    });
  } catch (const Error& error) {
    return Finish(error);
  } catch (const std::exception& error) {
    return Finish(Error(code::kUnexpected, error.what()));
  }
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
  Tell(std::exchange(served_, {}), error);
  running_ = false;
  if (!waiting_.empty()) Run();
}

void SchemaReload::Tell(std::vector<Waiter> waiters, const std::optional<Error>& error) {
  for (Waiter& waiter : waiters) waiter.loop.Post([done = std::move(waiter.done), error] { done(error); });
}

}  // namespace threefactor::api
