/**
 * The watchdogs' programs. Each reads lines on stdin until its end, which is the death of the engine, and then ends what
 * the last line names: `RUN,PID,START` a process, with a blank between them; `-` stands for what is not known yet. A pid
 * counts only with the start time that was told, and a marker only in the very variable.
 */

/** POSIX sh, so that it needs no Node. `$1` is a marker without its run: `SIGNALBOX_RUN=<install id>:`. */
function posixScript(started: string, marked: string): string {
  return `
trap '' HUP INT TERM
owned=
while read -r line; do owned=$line; done
[ -n "$owned" ] || exit 0
prefix=$1
patterns=$(for entry in $owned; do echo "$prefix\${entry%%,*}"; done)
started() { ${started}; }
marked() { ${marked}; }
groups=$(for entry in $owned; do
  rest=\${entry#*,} pid=\${rest%%,*}
  [ "$pid" != - ] && [ "$(started "$pid")" = "\${rest#*,}" ] && echo "-$pid"
done)
signal() { [ $# -lt 2 ] || kill -s "$@" 2>/dev/null; }
found=$(marked)
signal TERM -- $groups $found
signal CONT -- $groups $found
for pass in 1 2 3 4 5 6 7 8 9 10; do
  kill -s 0 -- $groups 2>/dev/null || [ -n "$(marked)" ] || exit 0
  sleep 0.1
done
for pass in 1 2 3; do
  signal KILL -- $groups $(marked)
  groups=
done
`
}

export const linuxWatchdog = posixScript(
  'set -- $(sed "s/.*) //" "/proc/$1/stat" 2>/dev/null); echo "${20}"',
  `for file in $(grep -lsF -e "$patterns" /proc/[0-9]*/environ); do
  tr '\\0' '\\n' 2>/dev/null <"$file" | grep -qxF -e "$patterns" && file=\${file#/proc/} && echo "\${file%/environ}"
done`,
)

/** `ps -E` shows the environment of those processes that macOS lets us see it of; groups do the rest. */
export const macWatchdog = posixScript(
  'ps -o lstart= -p "$1" | sed -e "s/^ *//" -e "s/ *$//" | tr -s " " _',
  'ps -axwwE -o pid=,command= | grep -F -e "$patterns" | grep -v "grep -F" | while read -r pid rest; do echo "$pid"; done',
)

/** The start is in milliseconds since 1970, as the engine saw it. Environments cannot be read; the tree is walked. */
export const windowsWatchdog = `
$owned = ''
while ($null -ne ($line = [Console]::In.ReadLine())) { $owned = $line }
foreach ($entry in $owned.Split(' ')) {
  $run, $id, $start = $entry.Split(',')
  if (-not $id -or $id -eq '-') { continue }
  $process = Get-Process -Id $id -ErrorAction SilentlyContinue
  if (-not $process) { continue }
  $startedMs = ([DateTimeOffset]$process.StartTime).ToUnixTimeMilliseconds()
  if ([Math]::Abs($startedMs - [long]$start) -lt 2500) { taskkill /PID $id /T /F | Out-Null }
}
`
