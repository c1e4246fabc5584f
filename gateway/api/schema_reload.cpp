#include "api/schema_reload.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>
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
// What is granted or revoked holds within a second.
constexpr std::chrono::milliseconds kPollRoles(400);
constexpr std::chrono::milliseconds kPollAll(700);  // where nothing tells of DDL
constexpr std::chrono::milliseconds kRefusal(500);  // that a role is refused without another look
constexpr std::size_t kMostRoles = 64;              // held
constexpr std::size_t kLeastRoles = 8;              // likewise, however large the schema is
constexpr std::size_t kMostTables = 6000;           // of all of them: some 90 KB each
constexpr std::size_t kMostRefused = 1000;

sql::Statement VersionStatement() {
  return {std::string(schema::CatalogVersionQuery()), {}, "$", ""};
}

sql::Statement RolesVersionStatement() {
  return {std::string(schema::RolesVersionQuery()), {}, "$", ""};
}

sql::Statement SearchPathStatement() {
  return {std::string(schema::kCatalogSearchPath), {}, "$", ""};
}

// The value of one row of one column.
std::string ValueOf(const execute::Executor::Rows& rows) {
  return rows.rows.at(0).at(0).value_or("");
}

std::string DigestOf(const std::string& text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

bool IsSameRole(const ServedRole& left, const ServedRole& right) {
  return left.schema == right.schema && left.backend_schema == right.backend_schema &&
         left.database_role == right.database_role && left.statement_timeout == right.statement_timeout;
}

bool IsSame(const SchemaStore::Snapshot& left, const SchemaStore::Snapshot& right) {
  return IsSameRole(*left.admin, *right.admin) &&
         std::equal(
             left.roles.begin(), left.roles.end(), right.roles.begin(), right.roles.end(),
             [](const auto& a, const auto& b) { return a.first == b.first && IsSameRole(*a.second, *b.second); });
}

// Those that were asked for last stay.
void Shrink(SchemaStore::Snapshot& snapshot, std::size_t most) {
  while (snapshot.roles.size() > most) {
    snapshot.roles.erase(
        std::min_element(snapshot.roles.begin(), snapshot.roles.end(), [](const auto& a, const auto& b) {
          return a.second->last_use.load(std::memory_order_relaxed) <
                 b.second->last_use.load(std::memory_order_relaxed);
        }));
  }
}

}  // namespace

sql::Statement CatalogStatement(const std::vector<std::string>& schemas) {
  return {std::string(schema::CatalogQuery()), {execute::TextArray(schemas)}, "$", ""};
}

sql::Statement PrivilegesStatement(const std::string& role) {
  return {std::string(schema::PrivilegesQuery()), {role.empty() ? std::nullopt : std::optional(role)}, "$", ""};
}

SchemaReload::SchemaReload(const Options& options, Loop& home, execute::Executor& executor, SchemaStore& schemas,
                           const FirstCatalog& first, Publish publish)
    : options_(options),
      home_(home),
      executor_(executor),
      schemas_(schemas),
      publish_(std::move(publish)),
      retry_(kFirstRetry),
      catalog_(first.catalog),
      catalog_text_(DigestOf(first.catalog_text)) {
  auto snapshot = std::make_shared<SchemaStore::Snapshot>();
  snapshot->admin = MakeRole(options.admin_role, "", first.privileges_text, "", Make::kAll);
  schemas_.Set(std::move(snapshot));
}

SchemaReload::~SchemaReload() {
  home_.Cancel(soon_);
  home_.Cancel(poll_);
  home_.Cancel(healing_timer_);
}

void SchemaReload::SetSignalled(bool is_signalled) {
  is_signalled_ = is_signalled;
  PollLater();
}

void SchemaReload::PollLater() {
  home_.Cancel(poll_);
  poll_ = home_.After(is_signalled_ ? kPollRoles : kPollAll, [this] {
    PollLater();
    Poll();
  });
}

void SchemaReload::Poll() {
  const bool may_change = !is_signalled_ || !lost_.empty() || !schemas_.Now()->roles.empty();
  if (running_ || is_polling_ || !may_change) return;
  is_polling_ = true;
  executor_.RunStatements({SearchPathStatement(), is_signalled_ ? RolesVersionStatement() : VersionStatement()}, {},
                          [this, of_all = !is_signalled_](const execute::Executor::RowsOutcome& outcome) {
                            is_polling_ = false;
                            if (std::holds_alternative<Error>(outcome))
                              return;  // whoever asks for data is told of an outage
                            const std::string version = ValueOf(std::get<Rows>(outcome).back());
                            if (version != (of_all ? version_ : roles_version_) && !running_)
                              Add({home_, [](const std::optional<Error>&) {}});
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
  executor_.RunStatements({SearchPathStatement(), VersionStatement()}, {},
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

void SchemaReload::LoadRole(Loop& asking, const std::string& role, Done done) {
  home_.Post([this, role, waiter = Waiter{asking, std::move(done)}] {
    const auto refused = refused_.find(role);
    if (refused != refused_.end() && Loop::Clock::now() < refused->second) return Tell({waiter}, RoleRefused());
    loading_[role].push_back(waiter);
    if (!running_) RunRoles();
  });
}

void SchemaReload::RunNext() {
  running_ = false;
  if (!waiting_.empty()) {
    Run();
  } else if (!loading_.empty()) {
    RunRoles();
  }
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
  names_.clear();
  for (const auto& [name, role] : schemas_.Now()->roles) names_.push_back(name);
  names_.insert(names_.end(), lost_.begin(), lost_.end());
  std::vector<sql::Statement> statements = {SearchPathStatement(), VersionStatement(), RolesVersionStatement(),
                                            CatalogStatement(options_.schemas),
                                            PrivilegesStatement(options_.admin_role)};
  AddRoleStatements(statements);
  statements.push_back(VersionStatement());
  executor_.RunStatements(std::move(statements), {},
                          [this](const execute::Executor::RowsOutcome& outcome) { OnCatalog(outcome); });
}

void SchemaReload::AddRoleStatements(std::vector<sql::Statement>& statements) const {
  std::vector<std::string> roles;
  for (const std::string& name : names_) roles.push_back(options_.role_prefix + name);
  statements.push_back(
      {std::string(schema::RequestRolesQuery()), {execute::TextArray(roles), options_.admin_role}, "$", ""});
  for (const std::string& role : roles) statements.push_back(PrivilegesStatement(role));
}

void SchemaReload::OnCatalog(const execute::Executor::RowsOutcome& outcome) {
  if (const Error* error = std::get_if<Error>(&outcome)) return Finish(*error);
  try {
    const Rows& results = std::get<Rows>(outcome);
    std::string version = ValueOf(results.at(1));
    if (version != ValueOf(results.back()) && reads_ < kMostReads) return Read();
    std::string roles_version = ValueOf(results.at(2));
    const std::string text = ValueOf(results.at(3));
    if (std::string digest = DigestOf(text); digest != catalog_text_) {
      auto catalog = schema::ParseCatalog(text, options_.stringify_numeric_types);
      by_privileges_.clear();
      catalog_ = std::move(catalog);
      catalog_text_ = std::move(digest);
    }
    const auto before = schemas_.Now();
    auto fresh = std::make_shared<SchemaStore::Snapshot>();
    fresh->admin = MakeRole(options_.admin_role, "", ValueOf(results.at(4)), "", Make::kAll);
    bool is_found_again = false;
    for (const auto& [name, answer] : ReadRoles(results, 5, Make::kKnown)) {
      if (answer.refusal) {
        if (lost_.size() < kMostRoles) lost_.insert(name);
        continue;
      }
      is_found_again |= lost_.erase(name) > 0;
      const auto held = before->roles.find(name);
      if (answer.role == nullptr || held == before->roles.end()) continue;
      answer.role->last_use.store(held->second->last_use.load());
      fresh->roles.emplace(name, answer.role);
    }
    refused_.clear();
    if (IsSame(*fresh, *before) && !is_found_again) {
      version_ = std::move(version);
      roles_version_ = std::move(roles_version);
      const auto now = Loop::Clock::now();
      quiet_until_ = now + kQuietFactor * (now - started_);
      return Finish(std::nullopt);
    }
    fresh->generation = before->generation + 1;
    publish_(std::move(fresh), [this, version = std::move(version), roles_version = std::move(roles_version)] {
      version_ = version;
      roles_version_ = roles_version;
      Finish(std::nullopt);
    });
  } catch (const Error& error) {
    return Finish(error);
  } catch (const std::exception& error) {
    return Finish(Error(code::kUnexpected, error.what()));
  }
}

void SchemaReload::RunRoles() {
  running_ = true;
  names_.clear();
  for (const auto& [name, waiters] : loading_) names_.push_back(name);
  std::vector<sql::Statement> statements = {SearchPathStatement(), RolesVersionStatement()};
  AddRoleStatements(statements);
  executor_.RunStatements(std::move(statements), {},
                          [this](const execute::Executor::RowsOutcome& outcome) { OnRoles(outcome); });
}

void SchemaReload::OnRoles(const execute::Executor::RowsOutcome& outcome) {
  std::map<std::string, Answer> answers;
  try {
    if (const Error* error = std::get_if<Error>(&outcome)) throw Error(*error);
    const Rows& results = std::get<Rows>(outcome);
    answers = ReadRoles(results, 2, Make::kAll);
    const auto before = schemas_.Now();
    auto fresh = std::make_shared<SchemaStore::Snapshot>(*before);
    for (const auto& [name, answer] : answers)
      if (answer.role != nullptr) fresh->roles.insert_or_assign(name, answer.role);
    // Those that were just read are in use, whoever else is.
    const std::size_t most =
        std::clamp(kMostTables / std::max<std::size_t>(catalog_->tables.size(), 1), kLeastRoles, kMostRoles);
    Shrink(*fresh, std::max(most, answers.size()));
    if (before->roles.empty()) roles_version_ = ValueOf(results.at(1));  // nobody has looked since
    schemas_.Set(std::move(fresh));
  } catch (const Error& error) {
    for (const std::string& name : names_) answers[name] = {error, nullptr};
  } catch (const std::exception& error) {
    for (const std::string& name : names_) answers[name] = {Error(code::kUnexpected, error.what()), nullptr};
  }
  TellRoles(answers);
  RunNext();
}

std::map<std::string, SchemaReload::Answer> SchemaReload::ReadRoles(const Rows& results, std::size_t first, Make make) {
  std::map<std::string, std::vector<std::optional<std::string>>> rows;
  for (const auto& row : results.at(first).rows) rows[row.at(0).value_or("")] = row;
  std::map<std::string, Answer> answers;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string database_role = options_.role_prefix + names_[i];
    const auto& row = rows.at(database_role);
    if (const auto& why = row.at(1)) {
      if (!lost_.contains(names_[i])) spdlog::warn("the role \"{}\" is not served: {}", database_role, *why);
      answers[names_[i]].refusal = RoleRefused();
      continue;
    }
    const auto permissions = catalog_->permissions.find(names_[i]);
    answers[names_[i]].role = MakeRole(database_role, row.at(2).value_or(""), ValueOf(results.at(first + 1 + i)),
                                       permissions == catalog_->permissions.end() ? "" : permissions->second, make);
  }
  return answers;
}

std::shared_ptr<const ServedRole> SchemaReload::MakeRole(std::string database_role, std::string statement_timeout,
                                                         const std::string& privileges, const std::string& permissions,
                                                         Make make) {
  auto role = std::make_shared<ServedRole>();
  schemas_.Touch(*role);
  role->database_role = std::move(database_role);
  role->statement_timeout = std::move(statement_timeout);
  std::erase_if(by_privileges_, [](const auto& each) { return each.second.expired(); });
  // Two where permissions are for backends only.
  const auto find = [&](schema::BackendOnly backend_only) {
    const char* mark = backend_only == schema::BackendOnly::kWith ? "\nwith\n" : "\nwithout\n";
    auto& known = by_privileges_[DigestOf(privileges + (permissions.empty() ? "" : mark + permissions))];
    auto schema = known.lock();
    if (schema == nullptr && make == Make::kAll) {
      schema = schema::BuildSchema(
          schema::WithPermissions(schema::WithPrivileges(*catalog_, privileges), permissions, backend_only));
      known = schema;
    }
    return schema;
  };
  role->schema = find(schema::BackendOnly::kWithout);
  role->backend_schema = find(schema::BackendOnly::kWith);
  if (role->schema == nullptr || role->backend_schema == nullptr) return nullptr;
  return role;
}

void SchemaReload::TellRoles(const std::map<std::string, Answer>& answers) {
  const auto until = Loop::Clock::now() + kRefusal;
  for (const auto& [name, answer] : answers) {
    const bool is_refused = answer.refusal && answer.refusal->code() == code::kAccessDenied;
    if (is_refused && refused_.size() < kMostRefused) refused_[name] = until;
    if (!answer.refusal) {
      refused_.erase(name);
      lost_.erase(name);
    }
    const auto waiters = loading_.extract(name);
    if (!waiters.empty()) Tell(waiters.mapped(), answer.refusal);
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
    // Who waits for another look takes it now.
    home_.Cancel(healing_timer_);
    healing_timer_ = 0;
    rest_until_ = Loop::Clock::now();
    ContinueHealing();
  }
  Tell(std::exchange(served_, {}), error);
  RunNext();
}

void SchemaReload::Tell(std::vector<Waiter> waiters, const std::optional<Error>& error) {
  for (Waiter& waiter : waiters) waiter.loop.Post([done = std::move(waiter.done), error] { done(error); });
}

}  // namespace threefactor::api
