// What every verb of the command line shares.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/options.h"
#include "base/progress.h"
#include "cli/screen.h"

namespace ajar::cli {

using Json = nlohmann::ordered_json;

struct Shell {
  const std::atomic<bool>* cancelled = nullptr;
  Screen* screen = nullptr;
  bool json = false, quiet = false, verbose = false;
  int threads = 0;
  std::function<void()> run;  // the verb that was chosen
  int code = 0;               // to end with, when the verb went well

  Progress MakeProgress() const {
    Screen* shown = screen;
    return Progress([shown](const ProgressUpdate& update) { shown->Show(update); }, cancelled);
  }
};

// On one line; names of files may be any bytes.
std::string Text(const Json& json);

// A verb with its help and the flags that all have.
CLI::App* AddVerb(CLI::App* app, Shell* shell, const std::string& name, const std::string& what,
                  const std::string& example);

// A flag for each field, which it sets.
void AddFlags(CLI::App* verb, const std::vector<OptionField>& fields);

// A word out of a few.
template <class T>
CLI::Option* AddChoice(CLI::App* verb, const std::string& flag, T* value,
                       const std::map<std::string, T>& choices, const std::string& help) {
  std::vector<std::string> words;
  for (const auto& [word, meaning] : choices) words.push_back(word);
  return verb
      ->add_option_function<std::string>(
          flag, [value, choices](const std::string& word) { *value = choices.at(word); }, help)
      ->type_name("WORD")
      ->check(CLI::Validator(
          [words](const std::string& word) {
            if (std::ranges::find(words, word) != words.end()) return std::string();
            std::string all;
            for (const std::string& known : words) all += (all.empty() ? "" : ", ") + known;
            return "\"" + word + "\" is none of these: " + all;
          },
          ""));
}

}  // namespace ajar::cli
