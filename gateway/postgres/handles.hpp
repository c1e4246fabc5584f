// What libpq allocates, owned.
#pragma once

#include <libpq-fe.h>

#include <memory>

namespace threefactor::postgres {

template <auto kFree>
struct FreeWith {
  template <typename Object>
  void operator()(Object* object) const {
    kFree(object);
  }
};

using ConnectionHandle = std::unique_ptr<PGconn, FreeWith<PQfinish>>;
using Result = std::unique_ptr<PGresult, FreeWith<PQclear>>;
using CancelHandle = std::unique_ptr<PGcancel, FreeWith<PQfreeCancel>>;
using OptionsHandle = std::unique_ptr<PQconninfoOption, FreeWith<PQconninfoFree>>;
using NotificationHandle = std::unique_ptr<PGnotify, FreeWith<PQfreemem>>;

}  // namespace threefactor::postgres
