#include "cli/internal/check_command.h"

#include <memory>

#include "room/verbs.h"

namespace ajar::cli {

void AddCheck(CLI::App* app, Shell* shell) {
  auto options = std::make_shared<room::CheckOptions>();
  CLI::App* verb = AddVerb(app, shell, "check",
                           "Say whether photographs suffice for their room, and which to take "
                           "next, before you leave it.",
                           "ajar check ~/photos -o check.html");
  verb->add_option("photographs", options->inputs, "Photographs, folders of them, or videos")
      ->required();
  auto page = std::make_shared<std::string>();
  verb->add_option("-o,--output", *page,
                   "An HTML file to write: the plan, and pictures to go by; it needs nothing else")
      ->type_name("FILE");
  verb->add_flag("--watch", options->watch,
                 "Go on, and look again whenever photographs come, until Ctrl-C");
  AddChoice(verb, "--language", &options->language,
            {{"en", std::string("en")}, {"es", std::string("es")}},
            "Language of what is said: en if not given, or es");
  verb->callback([=] {
    shell->run = [=] {
      if (!page->empty()) options->page = *page;
      if (options->watch && !shell->json && !shell->quiet) {
        shell->screen->Say("Watching for photographs. Press Ctrl-C to end.");
      }
      room::Check(*options, shell->MakeProgress(), [=](const room::Checked& checked) {
        shell->code = checked.code;
        shell->screen->EndLine();
        if (shell->json) {
          shell->screen->SayJson(checked.json);
          return;
        }
        shell->screen->Say(checked.text);
        if (options->watch) shell->screen->Say("");
      });
    };
  });
}

}  // namespace ajar::cli
