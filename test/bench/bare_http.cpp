// What an HTTP server on one thread can do at most: epoll, keep-alive, the same 26 bytes for every request without a
// body, nothing parsed but its end. usage: bare_http PORT
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

int main(int, char** arguments) {
  constexpr std::string_view kAnswer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n{\"data\":{\"hello\":\"world\"}}";
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(arguments[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(listener, 4096) != 0) {
    std::perror("bare_http");
    return 1;
  }
  const int poll = epoll_create1(0);
  const auto watch = [poll](int socket) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
  };
  watch(listener);
  std::map<int, std::string> partial;  // requests that came in pieces
  epoll_event events[256];
  while (true) {
    const int count = epoll_wait(poll, events, 256, -1);
    for (int i = 0; i < count; ++i) {
      const int socket = events[i].data.fd;
      if (socket == listener) {
        const int client = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (client < 0) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(client);
        continue;
      }
      char buffer[16384];
      const ssize_t size = read(socket, buffer, sizeof buffer);
      if (size <= 0) {
        close(socket);
        partial.erase(socket);
        continue;
      }
      std::string& input = partial[socket];
      input.append(buffer, static_cast<std::size_t>(size));
      std::string output;
      for (std::size_t end; (end = input.find("\r\n\r\n")) != std::string::npos; input.erase(0, end + 4))
        output += kAnswer;
      if (!output.empty()) (void)!write(socket, output.data(), output.size());
    }
  }
}
