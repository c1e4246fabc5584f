#include "kit/database.hpp"

#include <utility>

namespace threefactor::kit {

namespace {

constexpr int kTries = 5;

// A handler that waits this long for a lock is better off failing: its event is retried.
constexpr char kSettings[] = "-c statement_timeout=15s -c lock_timeout=10s -c idle_in_transaction_session_timeout=30s";

std::string Trimmed(std::string message) {
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

bool MayRepeat(const std::string& sqlstate) {
  return sqlstate == "40001" || sqlstate == "40P01";
}

}  // namespace

Rows Transaction::Run(const char* sql, std::initializer_list<std::string> parameters) {
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) values.push_back(parameter.c_str());
  PGresult* result = PQexecParams(connection_, sql, static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                                  nullptr, /*resultFormat=*/0);
  Rows rows(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const char* sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    throw DatabaseError(Trimmed(PQerrorMessage(connection_)), sqlstate == nullptr ? "" : sqlstate);
  }
  return rows;
}

Database::Database(std::string url, int connections) : url_(std::move(url)), unopened_(connections - 1) {
  idle_.push_back(Connect());
}

Database::Connection Database::Connect() const {
  const char* const keywords[] = {"dbname", "fallback_application_name", "connect_timeout", "options", nullptr};
  const char* const values[] = {url_.c_str(), "handlers", "5", kSettings, nullptr};
  Connection connection(PQconnectdbParams(keywords, values, /*expand_dbname=*/1), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) throw DatabaseError(Trimmed(PQerrorMessage(connection.get())), "");
  return connection;
}

Database::Connection Database::Borrow() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || unopened_ > 0; });
    if (!idle_.empty()) {
      Connection connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    --unopened_;
  }
  try {
    return Connect();
  } catch (...) {
    GiveBack(Connection(nullptr, PQfinish));
    throw;
  }
}

void Database::GiveBack(Connection connection) {
  // One that is broken, or still inside a transaction, is closed rather than lent again.
  const bool usable = connection != nullptr && PQstatus(connection.get()) == CONNECTION_OK &&
                      PQtransactionStatus(connection.get()) == PQTRANS_IDLE;
  {
    const std::scoped_lock lock(mutex_);
    if (usable) {
      idle_.push_back(std::move(connection));
    } else {
      ++unopened_;
    }
  }
  returned_.notify_one();
}

void Database::CloseIdle() {
  std::vector<Connection> closing;
  {
    const std::scoped_lock lock(mutex_);
    unopened_ += static_cast<int>(idle_.size());
    closing.swap(idle_);
  }
  returned_.notify_all();
}

void Database::RunOnce(PGconn* connection, const std::function<void(Transaction&)>& work) {
  Transaction transaction(connection);
  transaction.Run("BEGIN");
  try {
    work(transaction);
    transaction.Run("COMMIT");
  } catch (...) {
    // Fails when the connection is lost, which rolls back as well.
    PQclear(PQexec(connection, "ROLLBACK"));
    throw;
  }
}

void Database::Transact(const std::function<void(Transaction&)>& work) {
  for (int left = kTries;; --left) {
    Connection connection = Borrow();
    try {
      RunOnce(connection.get(), work);
      GiveBack(std::move(connection));
      return;
    } catch (const DatabaseError& error) {
      const bool lost = PQstatus(connection.get()) != CONNECTION_OK;
      GiveBack(std::move(connection));
      // The server has gone, or has restarted: the others are dead too.
      if (lost) CloseIdle();
      if (left <= 1 || !(MayRepeat(error.sqlstate()) || lost)) throw;
    } catch (...) {
      GiveBack(std::move(connection));
      throw;
    }
  }
}

}  // namespace threefactor::kit
