#include "apply_task/message.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

using namespace threefactor::apply;

TEST_CASE("apply: a message arrives as it was sent, or not at all") {
  const Job job{7, "UPDATE t", "\"a b\", public", "key", std::string("{\0}", 3), std::string(100000, 'x')};
  const std::string bytes = Pack(job);
  const Job read = UnpackJob(bytes);
  CHECK(read.id == 7);
  CHECK(read.statement == job.statement);
  CHECK(read.search_path == job.search_path);
  CHECK(read.key == job.key);
  CHECK(read.event == job.event);
  CHECK(read.response == job.response);
  CHECK(UnpackResult(Pack(Result{8, "no"})).error == "no");
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{15}, bytes.size() - 1})
    CHECK_THROWS_AS(UnpackJob(bytes.substr(0, size)), std::invalid_argument);
  CHECK_THROWS_AS(UnpackJob(bytes + "x"), std::invalid_argument);
  CHECK_THROWS_AS(UnpackResult(std::string(16, '\xff')), std::invalid_argument);
}
