#include "apply_task/message.hpp"

#include <cstring>
#include <stdexcept>

namespace threefactor::apply {

namespace {

// A number, then texts with their lengths before them, as this machine writes numbers: both ends are on it.
void AppendNumber(std::string& bytes, std::uint64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void AppendText(std::string& bytes, std::string_view text) {
  AppendNumber(bytes, text.size());
  bytes.append(text);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t Number() {
    std::uint64_t number = 0;
    std::memcpy(&number, Take(sizeof number).data(), sizeof number);
    return number;
  }
  std::string Text() { return std::string(Take(Number())); }
  void End() const {
    if (!rest_.empty()) throw std::invalid_argument("a message that is too long");
  }

 private:
  std::string_view Take(std::uint64_t size) {
    if (size > rest_.size()) throw std::invalid_argument("a message that is too short");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::string_view rest_;
};

}  // namespace

std::string Pack(const Job& job) {
  std::string bytes;
  AppendNumber(bytes, job.id);
  for (const std::string* text : {&job.statement, &job.search_path, &job.key, &job.event, &job.response})
    AppendText(bytes, *text);
  return bytes;
}

std::string Pack(const Result& result) {
  std::string bytes;
  AppendNumber(bytes, result.id);
  AppendText(bytes, result.error);
  return bytes;
}

Job UnpackJob(std::string_view bytes) {
  Reader reader(bytes);
  Job job;
  job.id = reader.Number();
  for (std::string* text : {&job.statement, &job.search_path, &job.key, &job.event, &job.response})
    *text = reader.Text();
  reader.End();
  return job;
}

Result UnpackResult(std::string_view bytes) {
  Reader reader(bytes);
  Result result;
  result.id = reader.Number();
  result.error = reader.Text();
  reader.End();
  return result;
}

}  // namespace threefactor::apply
