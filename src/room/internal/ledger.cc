#include "room/internal/ledger.h"

#include <chrono>
#include <cstdio>
#include <fstream>

#include "base/check.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"

namespace ajar::room {
namespace {

constexpr int kLedgerVersion = 1;

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::optional<std::map<std::string, StageRecord>> ReadStages(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("version", Json()) != Json(kLedgerVersion)) return {};
  std::map<std::string, StageRecord> stages;
  std::vector<std::string> violations;
  ObjectReader top(json, "", &violations);
  const Json* list = top.Object("stages");
  if (!list) return {};
  for (const auto& [name, value] : list->items()) {
    ObjectReader in(value, name, &violations);
    StageRecord record;
    record.key = in.RequiredText("key");
    record.seconds = in.Number("seconds").value_or(0);
    record.peak_memory_bytes =
        static_cast<uint64_t>(std::max(0.0, in.Number("peak_memory_bytes").value_or(0)));
    if (const Json* report = in.Object("report")) record.report = *report;
    stages[name] = std::move(record);
  }
  if (!violations.empty()) return {};
  return stages;
}

}  // namespace

Ledger::Ledger(const Folder& folder) : path_(folder.ledger()) {
  if (!std::filesystem::exists(path_)) return;
  std::optional<std::map<std::string, StageRecord>> stages = ReadStages(ReadTextFile(path_));
  if (stages) {
    stages_ = std::move(*stages);
  } else {
    Log(LogLevel::kWarning, path_.string() + " cannot be read; every stage is done again.");
  }
}

const StageRecord* Ledger::Find(const std::string& stage) const {
  const auto found = stages_.find(stage);
  return found == stages_.end() ? nullptr : &found->second;
}

bool Ledger::IsFresh(const std::string& stage, const std::string& key) const {
  const StageRecord* record = Find(stage);
  return record && record->key == key;
}

void Ledger::Record(const std::string& stage, StageRecord record) {
  stages_[stage] = std::move(record);
  Write();
}

void Ledger::Forget(const std::string& stage) {
  if (stages_.erase(stage) > 0) Write();
}

void Ledger::Write() const {
  Json stages = Json::object();
  for (const auto& [name, record] : stages_) {
    stages[name] = {{"key", record.key},
                    {"seconds", record.seconds},
                    {"peak_memory_bytes", record.peak_memory_bytes},
                    {"report", record.report}};
  }
  const Json json = {{"version", kLedgerVersion}, {"stages", std::move(stages)}};
  WriteFileAtomic(path_, Dump(json));
}

std::string StageKey(const std::string& stage, int version,
                     const std::vector<std::string>& inputs) {
  // Lengths keep ("ab", "c") and ("a", "bc") apart.
  std::string text = stage + " " + std::to_string(version) + "\n";
  for (const std::string& input : inputs) {
    text += std::to_string(input.size()) + ":" + input + "\n";
  }
  return Sha256Hex(text);
}

const StageRecord& DoStage(const Folder& folder, Ledger* ledger, const std::string& stage,
                           const std::string& key, const Path& target,
                           const std::function<Json(const Path& staging)>& work) {
  if (!ledger->IsFresh(stage, key) || !std::filesystem::is_directory(target)) {
    const Meter meter;
    const Staging staging(folder, stage);
    StageRecord record;
    record.key = key;
    record.report = work(staging.path());
    SyncTree(staging.path());
    ledger->Forget(stage);
    CommitFolder(staging.path(), target);
    record.seconds = meter.seconds();
    record.peak_memory_bytes = meter.peak_memory_bytes();
    ledger->Record(stage, std::move(record));
  }
  const StageRecord* record = ledger->Find(stage);
  AJAR_CHECK(record != nullptr);
  return *record;
}

Meter::Meter() : start_s_(Now()) {
  // Sets the kernel's high-water mark back to what is used now; where that is not allowed the
  // peak is that of the whole run so far, which is no less.
  std::ofstream("/proc/self/clear_refs") << "5";
}

double Meter::seconds() const { return Now() - start_s_; }

uint64_t Meter::peak_memory_bytes() const {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    unsigned long long kib = 0;
    if (std::sscanf(line.c_str(), "VmHWM: %llu kB", &kib) == 1) return kib * 1024;
  }
  return 0;
}

}  // namespace ajar::room
