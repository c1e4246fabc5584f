// SQLSTATEs of our own (class TF) and the Postgres ones we reuse. Postgres-side.
#pragma once

#include "pg/prelude.hpp"

#define ERRCODE_THREEFACTOR_NOT_PRELOADED MAKE_SQLSTATE('T', 'F', '0', '0', '1')
#define ERRCODE_THREEFACTOR_NOT_OUR_TRIGGER MAKE_SQLSTATE('T', 'F', '0', '0', '2')
#define ERRCODE_THREEFACTOR_TOO_MANY_DATABASES MAKE_SQLSTATE('T', 'F', '0', '0', '3')
#define ERRCODE_THREEFACTOR_NO_SUCH_CLAIM MAKE_SQLSTATE('T', 'F', 'V', 'A', 'R')
