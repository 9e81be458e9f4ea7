# Sourced by the other scripts: puts in place what is missing, once, and says one line about it.
# Expects $root, the folder of the project.

# For Node. It shares a collection of young garbage among threads and waits for the last, which may wait for a core; and where
# little is going on it collects everything again and again to give memory back. Decisions wait for both: 10 ms and more.
service_flags='--no-parallel-scavenge --no-memory-reducer'

say() { printf '%s\n' "$*" >&2; }
die() { say "portcullis: $*"; exit 1; }

need_node() {
  wanted='Node.js 20.19 or newer is needed (of 22, 22.12)'
  command -v node >/dev/null 2>&1 || die "$wanted, and npm: https://nodejs.org"
  # As "engines" in package.json says.
  node -e 'const [a, b] = process.versions.node.split(".").map(Number)
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' || die "$wanted, this is $(node --version)"
}

# One preparation at a time, so that two commands on a fresh clone do not install into each other.
with_lock() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/.prepare.lock"
    flock 9
    "$@"
    exec 9>&-
  else
    "$@"
  fi
}

packages_are_current() { [ -f "$root/node_modules/.installed" ] && cmp -s "$root/package-lock.json" "$root/node_modules/.installed"; }

install_packages() {
  packages_are_current && return 0
  say "portcullis: installing packages (once) …"
  log=$(mktemp)
  if ! (cd "$root" && npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1); then
    cat "$log" >&2; rm -f "$log"; die "npm could not install the packages"
  fi
  rm -f "$log"
  cp "$root/package-lock.json" "$root/node_modules/.installed"
}

build_is_current() {
  [ -f "$root/dist/.built" ] || return 1
  [ -z "$(find "$root/src" "$root/tsconfig.json" "$root/tsconfig.build.json" "$root/package-lock.json" -newer "$root/dist/.built" -print -quit)" ]
}

build() {
  build_is_current && return 0
  say "portcullis: building (once) …"
  rm -rf "$root/dist"
  (cd "$root" && npm run --silent build >&2) || die "the build failed"
  : >"$root/dist/.built"
}

prepare() {
  packages_are_current && build_is_current && return 0
  need_node
  with_lock prepare_locked
}
prepare_locked() { install_packages; build; }

# Debian packages for the tests: real servers, started by the tests themselves.
install_debian_package() { # command package
  command -v "$1" >/dev/null 2>&1 && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || die "$1 is needed for the tests; install Debian's package '$2'"
  say "portcullis: installing $2 (once) …"
  (apt-get install -y -qq --no-install-recommends "$2" || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$2"; }) >/dev/null 2>&1 ||
    die "could not install Debian's package '$2'"
}
