#include "room/internal/jobs.h"

#include <charconv>
#include <utility>

namespace ajar::room {
namespace {

std::optional<int64_t> NumberOf(const std::string& id) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return number;
}

}  // namespace

Json ErrorJson(const Error& error) {
  return {{"message", error.message()}, {"where", error.where()}, {"hint", error.hint()}};
}

Jobs::~Jobs() {
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, job] : jobs_) job->cancelled = true;
  }
  for (auto& [id, job] : jobs_) job->thread.join();
}

std::string Jobs::Start(const std::string& kind, const std::string& of, Meanwhile meanwhile,
                        std::function<Json(const Progress&)> work) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, job] : jobs_) {
    if (job->kind != kind || job->of != of || job->state != "running") continue;
    job->again |= meanwhile == Meanwhile::kOnceMore;
    return std::to_string(id);
  }
  Job* job = (jobs_[++last_] = std::make_unique<Job>()).get();
  job->kind = kind;
  job->of = of;
  job->thread = std::thread([this, job, work = std::move(work)] { Run(job, work); });
  return std::to_string(last_);
}

void Jobs::Run(Job* job, const std::function<Json(const Progress&)>& work) {
  const Progress progress(
      [this, job](const ProgressUpdate& update) {
        const std::lock_guard guard(mutex_);
        job->stage = update.stage;
        job->fraction = update.fraction;
      },
      &job->cancelled);
  for (;;) {
    Json result, error;
    std::string state = "done";
    try {
      result = work(progress);
    } catch (const Error& raised) {
      state = raised.code() == ErrorCode::kCancelled ? "cancelled" : "failed";
      error = ErrorJson(raised);
    } catch (const std::exception& raised) {
      state = "failed";
      error = ErrorJson(Error(ErrorCode::kInput, raised.what(), "", ""));
    }
    const std::lock_guard guard(mutex_);
    // Also after a failure: what it failed over may have been put right.
    if (std::exchange(job->again, false) && !job->cancelled) continue;
    job->state = state;
    job->result = std::move(result);
    job->error = std::move(error);
    if (state == "done") job->fraction = 1;
    return;
  }
}

std::optional<Json> Jobs::Show(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto number = NumberOf(id);
  const auto found = number ? jobs_.find(*number) : jobs_.end();
  if (found == jobs_.end()) return std::nullopt;
  const Job& job = *found->second;
  return Json{{"id", id},           {"kind", job.kind},         {"state", job.state},
              {"stage", job.stage}, {"fraction", job.fraction}, {"result", job.result},
              {"error", job.error}};
}

std::vector<Json> Jobs::ShowAll() const {
  const std::lock_guard lock(mutex_);
  std::vector<Json> all;
  for (const auto& [id, job] : jobs_) {
    all.push_back({{"id", std::to_string(id)}, {"kind", job->kind}, {"state", job->state}});
  }
  return all;
}

bool Jobs::Cancel(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto number = NumberOf(id);
  const auto found = number ? jobs_.find(*number) : jobs_.end();
  if (found == jobs_.end()) return false;
  found->second->cancelled = true;
  return true;
}

}  // namespace ajar::room
