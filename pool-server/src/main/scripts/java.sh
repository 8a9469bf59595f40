# shellcheck shell=bash
#
# How Adit finds a Java and starts it: read by the start script of the sources and by the launcher of an installation,
# which say first what `say` and `die` do. Nothing runs while this is read.

readonly JAVA_NEEDED=25

# Sets JAVA_HOME to a Java of at least $JAVA_NEEDED that has the program $1 (javac: a JDK, java: any), which people call
# $2: the one JAVA_HOME names, the one on PATH, else the first under /usr/lib/jvm.
find_java() {
  local tool="$1" home
  while IFS= read -r home; do
    if [ -n "$home" ] && [ -x "$home/bin/$tool" ] && [ "$(java_feature "$home")" -ge "$JAVA_NEEDED" ]; then
      export JAVA_HOME="$home"
      return
    fi
  done < <(
    printf '%s\n' "${JAVA_HOME:-}"
    on_path="$(command -v "$tool" || true)"
    if [ -n "$on_path" ]; then
      dirname "$(dirname "$(readlink -f "$on_path")")"
    fi
    printf '%s\n' "${ADIT_JVM_DIR:-/usr/lib/jvm}"/*/ | sed 's:/$::' | sort -V
  )
  die "$2 $JAVA_NEEDED or newer not found in JAVA_HOME, on PATH or under /usr/lib/jvm; $(how_to_get_java "$tool")"
}

# The feature release of the Java in $1 (25 for 25.0.3, 8 for 1.8.0), 0 when it cannot be told.
java_feature() {
  local version=""
  if [ -r "$1/release" ]; then
    version="$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9.]*\).*/\1/p' "$1/release" | head -n 1)"
  fi
  version="${version#1.}"
  version="${version%%.*}"
  printf '%s\n' "${version:-0}"
}

has_module() {
  if grep -q '^MODULES=' "$JAVA_HOME/release" 2>/dev/null; then
    grep -q "^MODULES=.*[\" ]$1[\" ]" "$JAVA_HOME/release"
  else
    "$JAVA_HOME/bin/java" --list-modules | grep -q "^$1@"
  fi
}

how_to_get_java() {
  local kind=jdk devel=-devel
  if [ "$1" = java ]; then
    kind=jre devel=-headless
  fi
  local package="openjdk-$JAVA_NEEDED-$kind-headless"
  if command -v apt-cache >/dev/null && apt-cache show "$package" >/dev/null 2>&1; then
    printf 'install it with: sudo apt-get install %s' "$package"
  elif command -v dnf >/dev/null; then
    printf 'install it with: sudo dnf install java-%s-openjdk%s' "$JAVA_NEEDED" "$devel"
  elif command -v pacman >/dev/null; then
    printf 'install it with: sudo pacman -S %s-openjdk' "$kind"
  elif command -v brew >/dev/null; then
    printf 'install it with: brew install openjdk@%s' "$JAVA_NEEDED"
  else
    printf 'this system packages none: unpack any JDK %s (Eclipse Temurin, for example) under /usr/lib/jvm or point JAVA_HOME at it' "$JAVA_NEEDED"
  fi
}

# Sets the array JAVA_OPTIONS for the command in $1; what the user adds stands last and wins.
java_options() {
  JAVA_OPTIONS=(-XX:+UseG1GC -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED)
  if has_module jdk.incubator.vector; then
    # The vector kernels are slow until C2 has compiled them: let it begin after a tenth of the usual runs.
    JAVA_OPTIONS+=(--add-modules=jdk.incubator.vector -XX:CompileCommand=quiet
      "-XX:CompileCommand=CompileThresholdScaling,org.adit.hasher.GeneratedKernel*::*,0.1")
  fi
  if [ "$1" = pool ]; then
    # What the engines use while they warm up, most of a gigabyte, goes back to the system within a minute or two.
    JAVA_OPTIONS+=(-Xms64m -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=40 -XX:G1PeriodicGCInterval=60000
      -XX:TrimNativeHeapInterval=60000)
  fi
  # Several options in one variable: splitting is wanted.
  # shellcheck disable=SC2206
  JAVA_OPTIONS+=(${ADIT_JAVA_OPTS:-})
}

# The demo starts a node of its own, unless it only explains itself or was told which one to use.
needs_node() {
  [ "${1:-}" = demo ] && [ -z "${ADIT_BITCOIND:-}" ] || return 1
  local argument
  for argument in "$@"; do
    case "$argument" in -h | --help) return 1 ;; esac
  done
}
