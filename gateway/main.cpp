// threefactor-gateway: reads the catalog, serves, drains on a signal.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <poll.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "api/first_catalog.hpp"
#include "api/gateway.hpp"
#include "api/reference.hpp"
#include "commands/import.hpp"
#include "options/options.hpp"

namespace {

using namespace threefactor;

// A message is one line, whatever names of the database and texts of others it holds: nobody writes lines of his own.
class OneLine final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& line) override {
    for (const char c : message.payload) {
      if (c == '\n')
        fmt::format_to(std::back_inserter(line), "\\n");
      else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
      else
        line.push_back(c);
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<OneLine>(); }
};

void SetUpLog(const Options& options) {
  auto log = spdlog::stderr_color_mt("gateway");
  log->set_level(spdlog::level::from_str(options.log_level));
  auto format = std::make_unique<spdlog::pattern_formatter>();
  format->add_flag<OneLine>('*').set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %*");
  log->set_formatter(std::move(format));
  spdlog::set_default_logger(std::move(log));
}

// Large buffers (results, their compressed form) come as pages of their own and go back at once. By default glibc
// raises the border with each that is freed, up to 32 MB, and a few large results stay in the process for ever.
void KeepMemoryFlat() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 4 << 20);
}

// Each connection is a file, and services are often started with a limit of 1024.
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// SIGTERM and SIGINT as a file, so that no handler runs in the middle of anything. Before the first thread starts:
// threads inherit the mask.
class Signals {
 public:
  Signals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    fd_ = signalfd(-1, &set, SFD_CLOEXEC);
  }
  ~Signals() { close(fd_); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  void Wait() const {
    signalfd_siginfo info{};
    while (read(fd_, &info, sizeof info) < 0 && errno == EINTR) {
    }
  }
  // True: none came meanwhile.
  bool Pause(std::chrono::milliseconds time) const {
    pollfd waiting{fd_, POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(time.count())) <= 0;
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

// True when everything was finished in time; false at the time limit or at a second signal.
bool DrainOrGiveUp(api::Gateway& gateway, const Signals& signals, int timeout_ms) {
  const int finished = eventfd(0, EFD_CLOEXEC);
  gateway.Drain([finished] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(finished, &one, sizeof one);
  });
  std::array<pollfd, 2> fds = {pollfd{finished, POLLIN, 0}, pollfd{signals.fd(), POLLIN, 0}};
  poll(fds.data(), fds.size(), timeout_ms);
  return (fds[0].revents & POLLIN) != 0;  // the process ends: the descriptor may still be written to
}

void Announce(const Options& options, const transport::ListenSocket& socket, const api::Gateway& gateway,
              const FirstCatalog& first) {
  const bool is_ipv6 = options.listen_host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? fmt::format("[{}]", options.listen_host) : options.listen_host;
  fmt::print(
      "threefactor-gateway {} serving http://{}:{}/v1/graphql (database {}, {} tables, {}, {} loops, {} "
      "connections)\n",
      THREEFACTOR_VERSION, host, socket.port(), first.database, first.catalog->tables.size(),
      first.catalog->has_extension ? fmt::format("extension {}", first.catalog->extension_version)
                                   : std::string("without the extension"),
      gateway.threads(), gateway.database_connections());
  std::fflush(stdout);
}

// What a pooler that hands out another session for each transaction cannot do.
void AllowForPooler(Options& options, const FirstCatalog& first) {
  if (!options.prepared) options.prepared = !first.is_pooled;
  if (!first.is_pooled) return;
  if (*options.prepared)
    spdlog::warn("a pooler stands before the database: prepared statements work only where sessions are pooled");
  else
    spdlog::info("a pooler stands before the database: statements are not prepared");
  if (first.catalog->has_extension && options.direct_database_url.empty())
    spdlog::warn(
        "a pooler stands before the database, through which nobody can LISTEN: subscriptions poll; "
        "--direct-database-url names the way past it");
}

int Serve(Options& options) {
  const Signals signals;
  RaiseFileLimit();
  const transport::ListenSocket socket(options.listen_host, options.listen_port);
  FirstCatalog first = ReadFirstCatalog(options, [&signals](auto time) { return signals.Pause(time); });
  if (!options.ignored_variables.empty())
    spdlog::warn("set in the environment, but not served: {}", fmt::join(options.ignored_variables, ", "));
  if (options.admin_secret.empty()) spdlog::warn("no admin secret: everyone who can connect is an administrator");
  if (!first.catalog->has_extension)
    spdlog::warn("the database lacks the extension: subscriptions poll; CREATE EXTENSION threefactor brings the rest");
  AllowForPooler(options, first);
  const bool can_listen = !first.is_pooled || !options.direct_database_url.empty();
  api::Gateway gateway(options, socket, first, can_listen);
  first.catalog_text = first.privileges_text = {};
  malloc_trim(0);  // reading the catalog took several times what is left of it
  gateway.Start();
  Announce(options, socket, gateway, first);
  signals.Wait();
  spdlog::info("draining");
  if (DrainOrGiveUp(gateway, signals, options.drain_timeout_ms)) return 0;
  spdlog::warn("requests were cut off");
  std::_Exit(1);
}

// `import` and `schema`: their own arguments are taken out, the rest are options as of the server. None: neither was
// asked for.
std::optional<int> RunCommand(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name != "import" && name != "schema") return std::nullopt;
  commands::ImportOptions import;
  std::string role = "admin";
  std::vector<char*> rest = {argv[0]};
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (name == "import" && i == 2 && !argument.starts_with('-'))
      import.path = argument;
    else if (name == "import" && argument == "--apply")
      import.apply = true;
    else if (name == "import" && argument == "--partial")
      import.partial = true;
    else if (name == "schema" && argument == "--role" && i + 1 < argc)
      role = argv[++i];
    else
      rest.push_back(argv[i]);
  }
  Options options;
  int exit_code = 0;
  if (!ParseOptions(static_cast<int>(rest.size()), rest.data(), options, exit_code)) return exit_code;
  if (name == "schema") return commands::PrintSchema(role, options);
  if (import.path.empty())
    throw std::runtime_error("import needs the path of a project or a file first: threefactor-gateway import PATH");
  return commands::Import(import, options);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--print-reference") {  // for the repository, so --help leaves it out
    fmt::print("{}", ReferencePage());
    return 0;
  }
  Options options;
  int exit_code = 0;
  try {
    if (const std::optional<int> done = RunCommand(argc, argv)) return *done;
    if (!ParseOptions(argc, argv, options, exit_code)) return exit_code;
    KeepMemoryFlat();
    SetUpLog(options);
    return Serve(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "threefactor-gateway: {}\n", error.what());
    return 1;
  }
}
