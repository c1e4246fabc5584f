#include "postgres/message.hpp"

#include <algorithm>

namespace threefactor::postgres {

std::string OneLine(std::string_view message) {
  while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.remove_suffix(1);
  std::string line(message);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::erase(line, '\t');  // with which libpq indents further lines
  return line;
}

std::string MessageOf(const PGconn* connection) {
  return OneLine(PQerrorMessage(connection));
}

}  // namespace threefactor::postgres
