# What ./ajar and ./test share: the packages, the page and the program, each made when it is
# missing or older than what it is made from. Sourced with $root set. What it says goes to
# standard error: standard output belongs to the program.
# shellcheck shell=bash disable=SC2154

setup=$root/build/setup # logs, stamps and the lock
stamp=$setup/ready      # as old as the start of the last set-up that succeeded
program=$root/build/release/src/cli/ajar
page=$root/viewer/dist/index.html

readonly kFailed=7 # the program's own code for "something that is needed is missing"
readonly kOldestNode=18

say() { printf 'Ajar: %s\n' "$*" >&2; }

give_up() {
  say "$*"
  exit $kFailed
}

# Whether everything is younger than what it is made from; a few milliseconds.
is_ready() {
  [[ -x $program && -f $page && -f $stamp && $(<"$stamp") == "$root" ]] || return 1
  [[ -z $(find "$root/src" "$root/cmake" "$root/CMakeLists.txt" "$root/CMakePresets.json" \
    "$root/tools/setup.sh" "$root/tools/packages-run.txt" "$root/examples" "$root/viewer" \
    \( -path "$root/viewer/node_modules" -o -path "$root/viewer/dist" \
    -o -path "$root/viewer/e2e" \) -prune -o \
    -newer "$stamp" ! -path "$root/viewer" -print -quit) ]]
}

start_setup() {
  mkdir -p "$setup" || give_up "$root/build cannot be written; Ajar is built there."
  exec {setup_lock}>"$setup/lock"
  if ! flock -n "$setup_lock"; then
    say "Another Ajar is being set up here; waiting for it."
    flock "$setup_lock"
  fi
  : >"$stamp.started"
}

# Only what was there when the set-up began counts as built: hence the earlier time.
finish_setup() {
  printf '%s' "$root" >"$stamp.new"
  touch -r "$stamp.started" "$stamp.new"
  mv "$stamp.new" "$stamp"
  end_setup
}

end_setup() { exec {setup_lock}>&-; }

# run_logged WHAT LOG COMMAND...: keeps the output in LOG and shows WHAT, with a count where the
# command prints one, on a terminal.
run_logged() {
  local what=$1 log=$2 started=$SECONDS
  shift 2
  say "$what ..."
  if "$@" </dev/null 2>&1 {setup_lock}>&- | tee -a "$log" | show_count "$what"; then
    say "$what: done ($((SECONDS - started)) s)"
  else
    return 1
  fi
}

show_count() {
  local line
  while IFS= read -r line; do
    if [[ -t 2 && $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
      printf '\r\033[K%s: %s of %s' "Ajar: $1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" >&2
    elif [[ -t 2 && $line =~ ^(Get:[0-9]+|Unpacking|Setting\ up)\  ]]; then
      printf '\r\033[K%.70s' "Ajar: ${line%% (*}" >&2
    fi
  done
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
}

# show_end LOG: what a failed command said last.
show_end() {
  say "The last lines of $1:"
  tail -n 25 "$1" >&2
}

# looks_offline LOG: by what apt-get and npm say then.
looks_offline() {
  grep -qE -e 'Temporary failure resolving|Could not (resolve|connect)|Unable to connect' \
    -e 'Network is unreachable|Connection (timed out|failed)' \
    -e 'EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|ETIMEDOUT' "$1"
}

# Empty where this is not Debian.
debian_version() {
  (
    . /etc/os-release
    if [[ ${ID:-} == debian ]]; then echo "${VERSION_ID:-testing}"; fi
  ) 2>/dev/null || true
}

# --- packages -------------------------------------------------------------------------------

# missing_packages FILE...: one a line, those of the lists that are not installed.
missing_packages() {
  local -a wanted=()
  local name word command _
  while read -r name word command _; do
    [[ -z $name || $name == \#* ]] && continue
    if [[ $word == or ]] && command -v "$command" >/dev/null; then continue; fi
    wanted+=("$name")
  done < <(cat "$@")
  LC_ALL=C comm -23 <(printf '%s\n' "${wanted[@]}" | LC_ALL=C sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | LC_ALL=C sort -u)
}

# describe_packages "NAMES" FILE...: their lines in the lists, without the alternative.
describe_packages() {
  local names=" $1 " name rest
  shift
  while read -r name rest; do
    if [[ -z $name || $names != *" $name "* ]]; then continue; fi
    if [[ $rest =~ ^or\ [^\ ]+\ +(.*) ]]; then rest=${BASH_REMATCH[1]}; fi
    printf '  %-24s %s\n' "$name" "$rest" >&2
  done < <(cat "$@")
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2 "$@"
}

has_package_lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

install_packages() {
  local log=$setup/packages.log what="Installing $# packages"
  local -a install=(apt install -y --no-install-recommends "$@")
  local -a update=(apt update -o APT::Update::Error-Mode=any)
  if (($# == 1)); then what="Installing $1"; fi
  : >"$log"
  if has_package_lists && run_logged "$what" "$log" "${install[@]}"; then return; fi
  # There are no lists of packages yet, or old ones that name versions which are gone.
  if ! looks_offline "$log" &&
    run_logged "Fetching Debian's lists of packages" "$log" "${update[@]}" &&
    run_logged "$what" "$log" "${install[@]}"; then
    return
  fi
  if looks_offline "$log"; then
    give_up "The packages could not be fetched: this computer does not reach Debian's servers." \
      "Connect it to the network and run the same command again; this is needed only once." \
      "($log says more.)"
  fi
  show_end "$log"
  give_up "The packages could not be installed. The whole log is $log."
}

# ensure_packages FILE...: installs what is missing, on Debian; elsewhere says what is needed.
ensure_packages() {
  if [[ ${AJAR_SKIP_PACKAGES:-} ]]; then return; fi
  local debian names
  debian=$(debian_version)
  if [[ -z $debian || ($debian == [0-9]* && $debian -lt 12) ]]; then
    say "Packages are installed for you on Debian 12 only. On this system, please install what" \
      "these Debian packages stand for:"
    describe_packages "$(sed -n 's/^\([a-z0-9][^ ]*\) .*/\1/p' "$@" | tr '\n' ' ')" "$@"
    give_up "Then run the same command with AJAR_SKIP_PACKAGES=1 before it."
  fi
  names=$(missing_packages "$@" | tr '\n' ' ')
  names=${names% }
  if [[ -z $names ]]; then return; fi
  say "These Debian packages are needed and not installed yet:"
  describe_packages "$names" "$@"
  if ((EUID != 0)); then
    local by_hand="apt-get install --no-install-recommends $names"
    if ! command -v sudo >/dev/null; then
      give_up "Only the administrator (root) can install them, and there is no sudo here. Ask for:" \
        "$by_hand"
    fi
    say "They are installed with sudo, since only the administrator can do that; it may ask for" \
      "your password. Nothing else is done with it."
    # Asked for here, where a person can answer; later output goes to a log.
    if ! sudo -v; then give_up "Without sudo, ask the administrator for: $by_hand"; fi
  fi
  # shellcheck disable=SC2086
  install_packages $names
}

# --- the page -------------------------------------------------------------------------------

check_node() {
  local name version
  for name in node npm; do
    command -v $name >/dev/null || give_up "There is no $name here; it is needed to build the page."
  done
  version=$(node --version)
  version=${version#v}
  if ((${version%%.*} < kOldestNode)); then
    give_up "The node found first ($(command -v node)) is version $version; the page needs" \
      "$kOldestNode or newer."
  fi
}

# page_key PATH...: a hash of what the page is made from.
page_key() {
  (
    cd "$root/viewer" && node --version &&
      find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
  ) | sha256sum
}

# ensure_packages_of FOLDER NAME WHAT: the npm packages of a folder, exactly as its lock file has
# them. NAME is that of the log and the stamp; WHAT goes after "Fetching ".
ensure_packages_of() {
  local folder=$1 stamp=$setup/$2 log=$setup/$2.log key
  check_node
  key=$(cd "$folder" && node --version && cat package.json package-lock.json | sha256sum)
  if [[ -d $folder/node_modules && -f $stamp && $(<"$stamp") == "$key" ]]; then return; fi
  rm -f "$stamp"
  : >"$log"
  # No scripts of other people's packages are run.
  if ! run_logged "Fetching $3" "$log" \
    npm --prefix "$folder" ci --ignore-scripts --no-audit --no-fund; then
    if looks_offline "$log"; then
      give_up "Fetching $3 failed: this computer does not reach the npm registry. Connect it to" \
        "the network and run the same command again; this is needed only once. ($log says more.)"
    fi
    show_end "$log"
    give_up "Fetching $3 failed. The whole log is $log."
  fi
  printf '%s\n' "$key" >"$stamp"
}

ensure_modules() {
  ensure_packages_of "$root/viewer" modules "what the page is built with"
}

# Another program that reads our files, for the tests alone.
ensure_oracle() {
  ensure_packages_of "$root/tests/oracle" oracle "another reader of our files, for the tests"
}

ensure_page() {
  local key log=$setup/page.log
  ensure_modules
  key=$(page_key package.json package-lock.json index.html src vite.config.ts tsconfig.json)
  if [[ -f $page && -f $setup/page && $(<"$setup/page") == "$key" ]]; then return; fi
  rm -f "$setup/page"
  : >"$log"
  if ! run_logged "Building the page" "$log" npm --prefix "$root/viewer" run build; then
    show_end "$log"
    give_up "The page could not be built. The whole log is $log."
  fi
  [[ -f $page ]] || give_up "The page was built, but ${page#"$root"/} is not there."
  printf '%s\n' "$key" >"$setup/page"
}

# --- the program ----------------------------------------------------------------------------

# As many compilers at once as there are processors, and about 1 GiB of free memory for each.
build_jobs() {
  local processors memory_gib
  processors=$(nproc)
  memory_gib=$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)
  ((memory_gib >= 1)) || memory_gib=1
  echo $((processors < memory_gib ? processors : memory_gib))
}

# configure PRESET [OPTION...]: into build/PRESET, anew when the folder was moved or copied.
configure() {
  local preset=$1 folder=$root/build/$1 log=$setup/$1.log
  shift
  if [[ -f $folder/CMakeCache.txt ]] &&
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt"; then
    rm -rf "$folder"
  fi
  # Other compilers warn of other things, and nobody's room should wait for that.
  if [[ $(debian_version) != 12 ]]; then set -- "$@" -DAJAR_WERROR=OFF; fi
  if ! (cd "$root" && cmake --preset "$preset" "$@") >>"$log" 2>&1; then
    show_end "$log"
    give_up "The build could not be prepared. The whole log is $log."
  fi
}

# compile PRESET WHAT [TARGET...]
compile() {
  local preset=$1 what=$2 log=$setup/$1.log
  shift 2
  local -a targets=()
  if (($#)); then targets=(--target "$@"); fi
  NINJA_STATUS="[%f/%t] " run_logged "$what" "$log" \
    cmake --build "$root/build/$preset" --parallel "$(build_jobs)" "${targets[@]}"
}

# The tests are left as they are: where ./test has configured them, they stay.
ensure_program() {
  : >"$setup/release.log"
  if [[ ! -f $root/build/release/build.ninja ]] ||
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/release/CMakeCache.txt"; then
    configure release -DAJAR_TESTS=OFF
    say "The program is compiled once, which takes some minutes."
  fi
  if ! compile release "Building the program" ajar-bin; then
    show_end "$setup/release.log"
    give_up "The program could not be built. The whole log is $setup/release.log."
  fi
}
