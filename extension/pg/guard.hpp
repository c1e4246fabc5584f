// The bridge between the two regimes (README.md): Postgres-side code raises with longjmp, C++-side code throws.
//   Guarded(f)  runs Postgres-side code from C++-side code: an ERROR becomes a PostgresError exception.
//   Entered(f)  runs C++-side code from Postgres (a SQL function, a worker's main): an exception becomes an ERROR.
// The lambda given to Guarded must own nothing with a destructor: a longjmp out of it runs none.
#pragma once

#include "pg/prelude.hpp"

#include <exception>
#include <memory>
#include <type_traits>

namespace threefactor::pg {

// A Postgres ERROR on its way through C++ frames, whole: SQLSTATE, detail, hint and context survive.
class PostgresError : public std::exception {
 public:
  explicit PostgresError(ErrorData* data) : data_(data, FreeErrorData) {}
  const char* what() const noexcept override { return data_->message ? data_->message : "error without message"; }
  const ErrorData& data() const { return *data_; }

 private:
  std::shared_ptr<ErrorData> data_;
};

// Throws PostgresError; exceptions of `f` itself pass through. The caller must abort the transaction before it goes on
// after an error (RunTransaction in pg/transaction.hpp does).
template <typename F>
auto Guarded(F&& f) -> std::invoke_result_t<F> {
  using Result = std::invoke_result_t<F>;
  static_assert(std::is_void_v<Result> || std::is_trivially_destructible_v<Result>);
  sigjmp_buf* const saved_stack = PG_exception_stack;
  ErrorContextCallback* const saved_callbacks = error_context_stack;
  const MemoryContext saved_context = CurrentMemoryContext;
  sigjmp_buf here;
  struct Restore {
    sigjmp_buf* stack;
    ErrorContextCallback* callbacks;
    ~Restore() {
      PG_exception_stack = stack;
      error_context_stack = callbacks;
    }
  } restore{saved_stack, saved_callbacks};
  if (sigsetjmp(here, 0) == 0) {
    PG_exception_stack = &here;
    return f();
  }
  PG_exception_stack = saved_stack;
  error_context_stack = saved_callbacks;
  MemoryContextSwitchTo(TopMemoryContext);
  ErrorData* const data = CopyErrorData();
  FlushErrorState();
  MemoryContextSwitchTo(saved_context);
  throw PostgresError(data);
}

// A copy in the current memory context, for ReThrowError.
ErrorData* CopyForRaise(const ErrorData& data);

// Raises the ERROR after every C++ frame has been left.
template <typename F>
auto Entered(F&& f) -> std::invoke_result_t<F> {
  ErrorData* raised = nullptr;
  char message[512] = "";
  try {
    return f();
  } catch (const PostgresError& error) {
    raised = CopyForRaise(error.data());
  } catch (const std::bad_alloc&) {
    strlcpy(message, "out of memory", sizeof message);
  } catch (const std::exception& error) {
    strlcpy(message, error.what(), sizeof message);
  } catch (...) {
    strlcpy(message, "unknown C++ exception", sizeof message);
  }
  if (raised) ReThrowError(raised);
  ereport(ERROR, errcode(ERRCODE_INTERNAL_ERROR), errmsg("threefactor: %s", message));
  pg_unreachable();
}

}  // namespace threefactor::pg
