// Commands on a whole database that its worker would stand in the way of (DROP, RENAME, SET TABLESPACE, and a copy by
// CREATE DATABASE ... TEMPLATE; also DROP EXTENSION, which would deadlock with the worker): the worker is sent away
// first, and comes back after. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

namespace threefactor::signal {

struct DatabaseCommand {
  Oid database;  // whose worker must go; InvalidOid: the statement is no such command, or its user may not run it
  bool drops;
};

DatabaseCommand RecogniseDatabaseCommand(const Node* statement);

}  // namespace threefactor::signal
