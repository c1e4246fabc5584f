#include "delivery/pure/http_thread.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <iterator>
#include <system_error>
#include <utility>

namespace threefactor::delivery {

namespace {

constexpr Milliseconds kLongestWait{1000};
constexpr std::size_t kManyAnswers = 16;  // wake the caller while the thread goes on; fewer, when it has nothing to do

// A thread started meanwhile never runs the process's signal handlers.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &saved_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &saved_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t saved_;
};

void Ring(int eventfd) {
  const std::uint64_t one = 1;
  (void)!write(eventfd, &one, sizeof one);
}

template <typename T>
void Append(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty())
    to.swap(from);
  else
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

}  // namespace

HttpThread::HttpThread() : ready_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (ready_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  const SignalsBlocked blocked;
  thread_ = std::thread([this] { Run(); });
}

HttpThread::~HttpThread() {
  Stop();
  close(ready_);
}

void HttpThread::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  client_.Wake();
  thread_.join();
}

void HttpThread::Configure(const HttpOptions& options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
}

void HttpThread::Submit() {
  if (started_.empty()) return;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    Append(submitted_, started_);
    wake = std::exchange(thread_waits_, false);
  }
  if (wake) client_.Wake();
}

void HttpThread::Take(std::vector<HttpAnswer>& answers, std::vector<std::uint64_t>& begun) {
  const std::lock_guard lock(mutex_);
  caller_waits_ = false;
  if (failure_) std::rethrow_exception(failure_);
  Append(answers, ended_);
  Append(begun, begun_);
}

bool HttpThread::MayWait() {
  std::uint64_t rings;
  (void)!read(ready_, &rings, sizeof rings);
  const std::lock_guard lock(mutex_);
  caller_waits_ = ended_.empty() && !failure_;
  return caller_waits_;
}

void HttpThread::Run() {
  try {
    Work();
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    Ring(ready_);
  }
}

void HttpThread::Work() {
  std::vector<HttpRequest> requests;
  std::vector<HttpAnswer> answers;
  bool idle = false;
  while (Exchange(requests, answers, idle)) {
    if (idle && requests.empty()) client_.Wait(kLongestWait);
    for (HttpRequest& request : requests) {
      if (request.ahead)
        ahead_.push_back(std::move(request));
      else
        client_.Start(std::move(request));
    }
    idle = requests.empty();
    requests.clear();
    BeginAhead();
    client_.Perform(answers);
    idle = idle && answers.empty();
  }
}

void HttpThread::BeginAhead() {
  while (!ahead_.empty() && client_.InFlight() < places_) {
    began_.push_back(ahead_.front().id);
    client_.Start(std::move(ahead_.front()));
    ahead_.pop_front();
  }
}

// Gives the answers away, for new requests. `idle`: waits if there are none. False: the thread shall end.
bool HttpThread::Exchange(std::vector<HttpRequest>& requests, std::vector<HttpAnswer>& answers, bool idle) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    if (options_) {
      places_ = static_cast<std::size_t>(options_->places);
      client_.Configure(*std::exchange(options_, std::nullopt));
    }
    Append(ended_, answers);
    Append(begun_, began_);
    if (idle ? !ended_.empty() : ended_.size() >= kManyAnswers) wake = std::exchange(caller_waits_, false);
    requests.swap(submitted_);
    thread_waits_ = idle && requests.empty();
  }
  if (wake) Ring(ready_);
  return true;
}

}  // namespace threefactor::delivery
