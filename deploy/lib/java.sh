# shellcheck shell=bash
# Sourced by the commands of deploy/: finds a JDK 25 or newer and Maven, or says what to install.
# After find_jdk, JAVA_HOME and PATH point to the JDK.

HINDSIGHT_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
readonly HINDSIGHT_ROOT
readonly HINDSIGHT_JDK=25

say() { printf '%s\n' "$*" >&2; }

# The feature release of the JDK in a directory; nothing when there is none (a JRE has no javac).
jdk_release() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
  local candidate release java
  java="$(command -v java || true)"
  [ -z "$java" ] || java="$(dirname "$(dirname "$(readlink -f "$java")")")"
  for candidate in "${JAVA_HOME:-}" "$java" /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] || continue
    release="$(jdk_release "$candidate")"
    if [ -n "$release" ] && [ "$release" -ge "$HINDSIGHT_JDK" ]; then
      export JAVA_HOME="$candidate" PATH="$candidate/bin:$PATH"
      return 0
    fi
  done
  say "Hindsight needs a JDK $HINDSIGHT_JDK or newer, and none was found (JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman)."
  say "Install one, such as Eclipse Temurin: apt-get install temurin-$HINDSIGHT_JDK-jdk (Adoptium's package source),"
  say "or sdk install java $HINDSIGHT_JDK-tem (sdkman.io), and set JAVA_HOME if it is in another place."
  return 1
}

find_maven() {
  command -v mvn >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Maven is missing; installing it with apt-get."
    if { apt-get install -y -qq maven || { apt-get update -qq && apt-get install -y -qq maven; }; } >&2; then
      return 0
    fi
  fi
  say "Hindsight is built with Maven 3.8.6 or newer, and mvn was not found. Install it: apt-get install maven,"
  say "dnf install maven, brew install maven, or sdk install maven."
  return 1
}

launcher_is_built() {
  [ -f "$HINDSIGHT_ROOT/deploy/local/target/hindsight-local-1.0.0-SNAPSHOT.jar" ] &&
    [ -d "$HINDSIGHT_ROOT/deploy/local/target/lib" ]
}

# Becomes the launcher: the same process id, so that a signal to the script reaches it.
exec_launcher() {
  local target="$HINDSIGHT_ROOT/deploy/local/target"
  exec "$JAVA_HOME/bin/java" -Xms16m -Xmn8m -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
    -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 --enable-native-access=ALL-UNNAMED \
    -cp "$target/hindsight-local-1.0.0-SNAPSHOT.jar:$target/lib/*" \
    dev.hindsight.local.Main "--project=$HINDSIGHT_ROOT" "$@"
}

# Builds only what stop, status and token need, when nobody built anything yet.
need_launcher() {
  find_jdk
  launcher_is_built && return 0
  find_maven
  say "Building the launcher once."
  mvn -q -B -ntp -f "$HINDSIGHT_ROOT/pom.xml" -pl deploy/local -am -DskipTests -Dspotless.check.skip=true package </dev/null >&2
}

# One line that changes whenever anything changes that the build reads.
sources_fingerprint() {
  (
    cd "$HINDSIGHT_ROOT" || exit 1
    find . -type d \( -name target -o -name .git -o -name .hindsight \) -prune -o \
      -type f \( -path '*/src/main/*' -o -name pom.xml -o -path './.mvn/*' \) -print0 |
      LC_ALL=C sort -z | xargs -0 cksum | cksum
  )
}

# Lets the services start once and leave their AOT caches, so that each later start takes less than half the time.
# What goes wrong here costs time at the start, and nothing else.
train() {
  local scratch begin=$SECONDS
  scratch="$(mktemp -d "${TMPDIR:-/tmp}/hindsight-train.XXXXXX")"
  say "Training the services' start, once for each build ..."
  if (exec_launcher train "--data=$scratch" >"$scratch/train.log" 2>&1 </dev/null); then
    say "Trained in $((SECONDS - begin)) s."
  else
    say "Not trained; the services start more slowly. The last lines:"
    tail -n 5 "$scratch/train.log" >&2
  fi
  rm -rf "$scratch"
}

# Builds everything when the sources are not those of the last build.
need_everything() {
  find_jdk
  local stamp="$HINDSIGHT_ROOT/deploy/local/target/built-from" now begin
  now="$(sources_fingerprint)"
  if launcher_is_built && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && services_are_built; then
    return 0
  fi
  find_maven
  begin=$SECONDS
  say "Building (the first time this takes minutes: Maven fetches what it needs) ..."
  rm -f "$HINDSIGHT_ROOT"/*-service/target/quarkus-app/app.aot
  mvn -q -B -ntp -f "$HINDSIGHT_ROOT/pom.xml" -DskipTests -Dspotless.check.skip=true package </dev/null >&2
  say "Built in $((SECONDS - begin)) s."
  train
  printf '%s\n' "$now" >"$stamp"
}

services_are_built() {
  local service
  for service in incident-service postmortem-service action-item-service metrics-service; do
    [ -f "$HINDSIGHT_ROOT/$service/target/quarkus-app/quarkus-run.jar" ] || return 1
  done
}
