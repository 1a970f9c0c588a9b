#include "cli/internal/verb.h"

#include <type_traits>
#include <variant>

namespace ajar::cli {

std::string Text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

CLI::App* AddVerb(CLI::App* app, Shell* shell, const std::string& name, const std::string& what,
                  const std::string& example) {
  CLI::App* verb = app->add_subcommand(name, what);
  verb->group("Verbs");
  verb->footer("Example:\n  " + example);
  verb->add_flag("--json", shell->json, "Write progress and results as JSON, an object a line");
  verb->add_flag("--quiet", shell->quiet, "Say nothing but results and errors");
  verb->add_flag("--verbose", shell->verbose, "Also write what may help to find a fault");
  verb->add_option("--threads", shell->threads,
                   "Threads to use; as many as processors if not given")
      ->type_name("N")
      ->check(CLI::Range(1, 256).description(""));
  return verb;
}

void AddFlags(CLI::App* verb, const std::vector<OptionField>& fields) {
  for (const OptionField& field : fields) {
    std::visit(
        [&](auto* value) {
          const std::string flag = "--" + field.name;
          if constexpr (std::is_same_v<decltype(value), bool*>) {
            verb->add_flag(flag, *value, field.help);
          } else {
            // The last one given counts, as people expect who add to a command of theirs.
            verb->add_option(flag, *value, field.help)
                ->type_name("N")
                ->capture_default_str()
                ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
          }
        },
        field.value);
  }
}

}  // namespace ajar::cli
