#include "text/log_line.hpp"

#include <catch2/catch.hpp>

using namespace threefactor;

TEST_CASE("a log line is one line of keys and values, whatever they hold") {
  const LogLine line = LogLine("dead letter")
                           .Add("event_trigger", "orders.paid")
                           .Add("attempts", 10)
                           .Add("status", "")
                           .Add("error", "he said \"no\"\nattempts=1");
  CHECK(line.text() ==
        R"(threefactor: dead letter event_trigger=orders.paid attempts=10 error="he said \"no\"\nattempts=1")");
  const std::string long_text = LogLine("x").Add("error", std::string(5000, 'a') + "\xff").text();
  CHECK(long_text.size() < 250);
  CHECK(LogLine("x").Add("name", "caf\xc3\xa9").text() == "threefactor: x name=\"caf\xc3\xa9\"");
}
