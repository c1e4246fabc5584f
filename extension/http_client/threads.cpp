#include "http_client/threads.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

namespace threefactor::delivery {

namespace {

constexpr Milliseconds kLongestWait{1000};
constexpr std::size_t kEnough = 24;       // requests in flight, for one thread
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

HttpThreads::HttpThreads(int count)
    : ready_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), places_(static_cast<std::size_t>(HttpOptions().places)) {
  if (ready_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  const SignalsBlocked blocked;
  for (int i = 0; i < count; i++) threads_.push_back(std::make_unique<Thread>());
  for (const auto& thread : threads_) thread->thread = std::thread([this, self = thread.get()] { Run(*self); });
}

HttpThreads::~HttpThreads() {
  Stop();
  close(ready_);
}

void HttpThreads::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const auto& thread : threads_) {
    thread->client.Wake();
    if (thread->thread.joinable()) thread->thread.join();
  }
}

void HttpThreads::Configure(const HttpOptions& options) {
  const std::lock_guard lock(mutex_);
  places_ = static_cast<std::size_t>(options.places);
  for (const auto& thread : threads_) thread->options = options;
}

void HttpThreads::Submit() {
  if (started_.empty()) return;
  std::vector<Thread*> to_wake;
  {
    const std::lock_guard lock(mutex_);
    for (HttpRequest& request : started_) {
      if (request.ahead) {
        ahead_.push_back(std::move(request));
        continue;
      }
      Thread& thread = WhoIsToTake();
      thread.submitted.push_back(std::move(request));
      thread.in_flight++;
      in_flight_++;
    }
    started_.clear();
    to_wake = WhoHasWork();
  }
  for (Thread* thread : to_wake) thread->client.Wake();
}

void HttpThreads::Take(std::vector<HttpAnswer>& answers, std::vector<std::uint64_t>& begun) {
  const std::lock_guard lock(mutex_);
  caller_waits_ = false;
  if (failure_) std::rethrow_exception(failure_);
  Append(answers, ended_);
  Append(begun, begun_);
}

std::vector<std::uint64_t> HttpThreads::TakeBack() {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint64_t> ids;
  for (; !ahead_.empty(); ahead_.pop_back()) ids.push_back(ahead_.back().id);
  return ids;
}

bool HttpThreads::MayWait() {
  std::uint64_t rings;
  (void)!read(ready_, &rings, sizeof rings);
  const std::lock_guard lock(mutex_);
  caller_waits_ = ended_.empty() && !failure_;
  return caller_waits_;
}

void HttpThreads::Run(Thread& self) {
  try {
    Work(self);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
    Ring(ready_);
  }
}

void HttpThreads::Work(Thread& self) {
  std::vector<HttpRequest> requests;
  std::vector<HttpAnswer> answers;
  bool idle = false;
  while (Exchange(self, requests, answers, idle)) {
    if (idle && requests.empty()) self.client.Wait(kLongestWait);
    for (HttpRequest& request : requests) self.client.Start(std::move(request));
    idle = requests.empty();
    requests.clear();
    self.client.Perform(answers);
    idle = idle && answers.empty();
  }
}

// Gives the answers away, for new requests. `idle`: waits if there are none. False: the thread shall end.
bool HttpThreads::Exchange(Thread& self, std::vector<HttpRequest>& requests, std::vector<HttpAnswer>& answers,
                           bool idle) {
  bool wake_caller = false;
  std::vector<Thread*> to_wake;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    if (self.options) self.client.Configure(*std::exchange(self.options, std::nullopt));
    self.in_flight -= answers.size();
    in_flight_ -= answers.size();
    Append(ended_, answers);
    requests.swap(self.submitted);
    TakeAhead(self, requests);
    if (idle ? !ended_.empty() : ended_.size() >= kManyAnswers) wake_caller = std::exchange(caller_waits_, false);
    self.waits = idle && requests.empty();
    to_wake = WhoHasWork();
  }
  if (wake_caller) Ring(ready_);
  for (Thread* thread : to_wake) thread->client.Wake();
  return true;
}

// One thread alone as long as that is enough: what comes together is done together.
HttpThreads::Thread& HttpThreads::WhoIsToTake() {
  for (const auto& thread : threads_)
    if (thread->in_flight < kEnough) return *thread;
  return **std::min_element(threads_.begin(), threads_.end(),
                            [](const auto& a, const auto& b) { return a->in_flight < b->in_flight; });
}

std::size_t HttpThreads::Places() const {
  return places_ - std::min(places_, in_flight_);
}

// An equal part of the places, so that one thread does not take them all.
void HttpThreads::TakeAhead(Thread& self, std::vector<HttpRequest>& requests) {
  for (std::size_t left = (Places() + threads_.size() - 1) / threads_.size(); left > 0 && !ahead_.empty(); left--) {
    begun_.push_back(ahead_.front().id);
    requests.push_back(std::move(ahead_.front()));
    ahead_.pop_front();
    self.in_flight++;
    in_flight_++;
  }
}

// Of the threads that wait; they are to be woken.
std::vector<HttpThreads::Thread*> HttpThreads::WhoHasWork() {
  const bool any_ahead = !ahead_.empty() && Places() > 0;
  std::vector<Thread*> found;
  for (const auto& thread : threads_) {
    if (!thread->waits || (thread->submitted.empty() && !any_ahead)) continue;
    thread->waits = false;
    found.push_back(thread.get());
  }
  return found;
}

}  // namespace threefactor::delivery
