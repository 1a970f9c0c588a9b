#include "cli/internal/telling.h"

#include <cstdio>
#include <memory>

#include "base/files.h"
#include "room/verbs.h"

namespace ajar::cli {
namespace {

// The JSON that a person gives: as it is, from a file, or from standard input.
std::string GivenJson(const std::string& given) {
  if (given.find_first_of("{[") != std::string::npos) return given;
  if (given != "-") return ReadTextFile(given, 4 << 20);
  std::string text;
  char buffer[65536];
  for (size_t n = 0; (n = std::fread(buffer, 1, sizeof(buffer), stdin)) > 0;)
    text.append(buffer, n);
  return text;
}

// What the three verbs of telling share: a verb with an action after it.
CLI::App* AddAction(CLI::App* verb, Shell* shell, const std::string& name, const std::string& what,
                    Path* room) {
  CLI::App* action = verb->add_subcommand(name, what);
  action->add_flag("--json", shell->json, "Write errors as JSON, too; results always are");
  action->add_option("room", *room, "The room's folder")->required();
  return action;
}

void AddTold(CLI::App* app, Shell* shell, room::Told told, const std::string& name,
             const std::string& what, const std::string& example) {
  struct Given {
    Path room;
    std::string id, json;
    bool recordings = false;
  };
  auto given = std::make_shared<Given>();
  CLI::App* verb = AddVerb(app, shell, name, what, example);
  verb->require_subcommand(1);
  constexpr const char* kJson = "JSON as in room.json, a file of it, or - for standard input";
  const auto act = [=](CLI::App* action, const std::function<std::string()>& does) {
    action->callback([=] {
      shell->run = [=] {
        const std::string said = does();
        if (!said.empty()) shell->screen->Say(said);
      };
    });
  };
  act(AddAction(verb, shell, "list", "Write all of them as JSON", &given->room),
      [=] { return room::List(given->room, told); });
  const bool tour = told == room::Told::kTour;
  CLI::App* add = AddAction(verb, shell, tour ? "set" : "add",
                            tour ? "Put these steps in place of all" : "Add one", &given->room);
  add->add_option("json", given->json, kJson)->type_name("JSON")->required();
  act(add, [=] { return room::Add(given->room, told, GivenJson(given->json)); });
  if (tour) return;
  CLI::App* correct =
      AddAction(verb, shell, "correct", "Put these keys in place of its own; null takes one away",
                &given->room);
  correct->add_option("id", given->id, "Its id")->type_name("ID")->required();
  correct->add_option("json", given->json, kJson)->type_name("JSON")->required();
  act(correct, [=] { return room::Correct(given->room, told, given->id, GivenJson(given->json)); });
  CLI::App* remove = AddAction(verb, shell, "remove", "Take it out of the room", &given->room);
  remove->add_option("id", given->id, "Its id")->type_name("ID")->required();
  if (told == room::Told::kStory) {
    remove->add_flag("--recordings", given->recordings, "Delete its recording and captions, too");
  }
  act(remove, [=] {
    room::Remove(given->room, told, given->id, given->recordings);
    return std::string();
  });
}

}  // namespace

void AddTelling(CLI::App* app, Shell* shell) {
  AddTold(app, shell, room::Told::kThing, "thing",
          "Things of a room, from scripts: JSON in and out.",
          "ajar thing add my-room '{\"name\": \"The lamp\", \"position\": [0, 1, -1]}'");
  AddTold(app, shell, room::Told::kStory, "story", "Stories of a room, likewise.",
          "ajar story add my-room '{\"title\": \"The tune\", \"sound\": \"tune.wav\"}'");
  AddTold(app, shell, room::Told::kTour, "tour", "The guided visit of a room, likewise.",
          "ajar tour set my-room '[{\"thing\": \"lamp\", \"pause\": 6}]'");
}

}  // namespace ajar::cli
