// Postgres for handlers: a bounded set of connections, and transactions that repeat themselves where that is right.
#pragma once

#include <libpq-fe.h>

#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace threefactor::kit {

// What Postgres said, or that it could not be reached.
class DatabaseError : public std::runtime_error {
 public:
  DatabaseError(const std::string& message, std::string sqlstate)
      : std::runtime_error(message), sqlstate_(std::move(sqlstate)) {}
  // Empty when the connection failed.
  const std::string& sqlstate() const { return sqlstate_; }

 private:
  std::string sqlstate_;
};

// The rows of one statement, as text.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result, PQclear) {}
  bool empty() const { return PQntuples(result_.get()) == 0; }
  // REQUIRES: the row and the column exist. NULL reads as "".
  std::string Text(int row, int column) const { return PQgetvalue(result_.get(), row, column); }
  bool Boolean(int row, int column) const { return *PQgetvalue(result_.get(), row, column) == 't'; }

 private:
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

// One open transaction; only Database makes it.
class Transaction {
 public:
  // Runs one statement with $1, $2 ... as parameters. Throws DatabaseError.
  Rows Run(const char* sql, std::initializer_list<std::string> parameters = {});

 private:
  friend class Database;
  explicit Transaction(PGconn* connection) : connection_(connection) {}
  PGconn* connection_;
};

// Any thread may call it.
class Database {
 public:
  // Connects once, to tell early: throws DatabaseError when that fails. Later, lost connections are made anew.
  Database(std::string url, int connections);

  // Runs `work` in a transaction and commits. After a serialization failure, a deadlock or a lost connection it runs
  // again, in the last case perhaps although the commit had succeeded: `work` must read the state that it changes, and
  // do nothing but use its transaction. Throws DatabaseError, and whatever `work` throws (after rolling back).
  void Transact(const std::function<void(Transaction&)>& work);

 private:
  using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

  Connection Connect() const;
  Connection Borrow();
  void GiveBack(Connection connection);
  void CloseIdle();
  static void RunOnce(PGconn* connection, const std::function<void(Transaction&)>& work);

  const std::string url_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<Connection> idle_;  // protected by mutex_
  int unopened_;                  // likewise: how many more may be opened
};

}  // namespace threefactor::kit
