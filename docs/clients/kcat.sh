#!/usr/bin/env bash
# Checks a broker with kcat (librdkafka): metadata, produce, consume, codecs, offsets, groups, idempotence, transactions.
# usage: kcat.sh HOST:PORT          needs kcat and jq; topics are created on first use and left behind.
# Every value is read back and compared. Exits 1 when anything differed.

set -u

bootstrap=${1:?usage: kcat.sh HOST:PORT}
run=kcat-$(date +%s)-$$
dir=$(mktemp -d) || exit 1
failures=0
checks=0
members=()

finish() {
  local pid
  for pid in "${members[@]:-}"; do [ -n "$pid" ] && kill "$pid" 2>/dev/null; done
  rm -rf "$dir"
}
trap finish EXIT

# same NAME EXPECTED_FILE ACTUAL_FILE
same() {
  checks=$((checks + 1))
  if cmp -s "$2" "$3"; then
    echo "ok    $1"
  else
    failures=$((failures + 1))
    echo "WRONG $1"
    diff "$2" "$3" | cut -c 1-200 | head -n 10
  fi
}

# equal NAME EXPECTED ACTUAL
equal() {
  printf '%s\n' "$2" >"$dir/.expected"
  printf '%s\n' "$3" >"$dir/.actual"
  same "$1" "$dir/.expected" "$dir/.actual"
}

# Waits, at most 40 s, until a command succeeds.
eventually() {
  local deadline=$((SECONDS + 40))
  until "$@"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}

lines_in() { [ "$(cat "${@:2}" | wc -l)" -ge "$1" ]; }
kcat_() { timeout 60 kcat -b "$bootstrap" "$@" 2>>"$dir/errors"; }
produce() { kcat_ -P -t "$@"; }
# Reads partition 0 of a topic from its beginning to its end.
consume() { kcat_ -C -e -q -p 0 -o beginning -t "$@"; }
# The end as read_committed sees it, which is the default of librdkafka: the start of the first open transaction.
end_of() { kcat_ -Q -t "$1:0:-1" | sed 's/.* offset //'; }

# ---- Records --------------------------------------------------------------------------------------------------------

seq -f 'value %.0f' 1000 >"$dir/thousand"

produce "$run-plain" <"$dir/thousand"
consume "$run-plain" >"$dir/out"
same 'produce and consume' "$dir/thousand" "$dir/out"

kcat_ -L -J -t "$run-plain" >"$dir/metadata"
equal 'metadata: the topic, its partition and a leader that is one of the brokers' true "$(jq --arg topic "$run-plain" '
  (.brokers | map(.id)) as $ids | .topics | length == 1 and .[0].topic == $topic and (.[0].partitions | length >= 1)
  and (.[0].partitions | all(.leader as $leader | $ids | index($leader) != null))' "$dir/metadata")"

for acks in 0 1 all; do
  produce "$run-acks-$acks" -X acks=$acks <"$dir/thousand"
  # What was sent without an acknowledgement may still be on its way.
  acked() { [ "$(end_of "$run-acks-$acks")" = 1000 ]; }
  eventually acked
  consume "$run-acks-$acks" >"$dir/out"
  same "acks $acks" "$dir/thousand" "$dir/out"
done

for codec in none gzip snappy lz4 zstd; do
  produce "$run-codec-$codec" -z $codec <"$dir/thousand"
  consume "$run-codec-$codec" >"$dir/out"
  same "compression $codec" "$dir/thousand" "$dir/out"
done

for codec in gzip snappy lz4 zstd; do produce "$run-mixed" -z $codec -X linger.ms=100 <"$dir/thousand"; done
cat "$dir/thousand" "$dir/thousand" "$dir/thousand" "$dir/thousand" >"$dir/expected4"
consume "$run-mixed" >"$dir/out"
same 'four codecs in one partition' "$dir/expected4" "$dir/out"

printf 'k1:v1\nk2:\n:v3\n' | produce "$run-keys" -K : -Z -H 'trace=abc' -H 'trace=def' -H 'empty='
consume "$run-keys" -J | jq -c '[.key, .payload, .headers]' >"$dir/out"
headers='["trace","abc","trace","def","empty",""]'
printf '%s\n' "[\"k1\",\"v1\",$headers]" "[\"k2\",null,$headers]" "[null,\"v3\",$headers]" >"$dir/expected"
same 'keys, null keys, null values, repeated headers' "$dir/expected" "$dir/out"

head -c 900000 /dev/urandom | base64 -w 0 | head -c 900000 >"$dir/large"
produce "$run-large" "$dir/large"
consume "$run-large" -D '' >"$dir/out"
same 'a record of 900,000 bytes' "$dir/large" "$dir/out"

seq -f '%.0f' 100000 >"$dir/many"
produce "$run-many" -z lz4 <"$dir/many"
consume "$run-many" -X fetch.message.max.bytes=20000 >"$dir/out"
same '100,000 records in small fetches' "$dir/many" "$dir/out"

# ---- Offsets --------------------------------------------------------------------------------------------------------

equal 'end offset' 1000 "$(end_of "$run-plain")"
equal 'start offset' 0 "$(kcat_ -Q -t "$run-plain:0:-2" | sed 's/.* offset //')"
kcat_ -C -e -q -t "$run-plain" -p 0 -o 990 >"$dir/out"
tail -n 10 "$dir/thousand" >"$dir/expected"
same 'from an offset' "$dir/expected" "$dir/out"
kcat_ -C -e -q -t "$run-plain" -p 0 -o -7 >"$dir/out"
tail -n 7 "$dir/thousand" >"$dir/expected"
same 'the last seven' "$dir/expected" "$dir/out"
kcat_ -C -q -t "$run-plain" -p 0 -o beginning -c 3 >"$dir/out"
head -n 3 "$dir/thousand" >"$dir/expected"
same 'the first three' "$dir/expected" "$dir/out"

echo early | produce "$run-times"
sleep 0.3
between=$(($(date +%s%N) / 1000000))
sleep 0.3
echo late | produce "$run-times"
equal 'offset of a time' 1 "$(kcat_ -Q -t "$run-times:0:$between" | sed 's/.* offset //')"
equal 'from a time' late "$(kcat_ -C -e -q -t "$run-times" -p 0 -o "s@$between")"
equal 'up to a time' early "$(kcat_ -C -q -t "$run-times" -p 0 -o beginning -o "e@$between")"

# ---- Idempotence and transactions -----------------------------------------------------------------------------------

produce "$run-idempotent" -X enable.idempotence=true -X batch.num.messages=50 <"$dir/many"
consume "$run-idempotent" >"$dir/out"
same 'idempotent producer, 2,000 batches in flight' "$dir/many" "$dir/out"
equal 'idempotent producer: nothing twice' 100000 "$(end_of "$run-idempotent")"

consume "$run-idempotent" -X isolation.level=read_committed >"$dir/out"
same 'read_committed on a topic without transactions' "$dir/many" "$dir/out"

for round in 1 2 3; do produce "$run-txn" -X transactional.id="$run" <"$dir/thousand"; done
cat "$dir/thousand" "$dir/thousand" "$dir/thousand" >"$dir/expected"
consume "$run-txn" -X isolation.level=read_committed >"$dir/out"
same 'three committed transactions, read_committed' "$dir/expected" "$dir/out"
equal 'each commit leaves one marker' 3003 "$(end_of "$run-txn")"

# An open transaction: kcat commits when its input ends, and when it is interrupted first, it leaves without a word. It
# reads its input in blocks, so that it takes more than one line to make it send something.
mkfifo "$dir/open"
kcat -b "$bootstrap" -P -X linger.ms=0 -X transactional.id="$run-interrupted" -t "$run-txn" <"$dir/open" 2>/dev/null &
producer=$!
members+=("$producer")
exec 9>"$dir/open"
yes 'never decided' | head -n 50000 >&9
held() { [ "$(consume "$run-txn" -X isolation.level=read_uncommitted | wc -l)" -gt 3000 ]; }
eventually held
equal 'an open transaction reaches the log' 0 "$(held; echo $?)"
equal 'the end for read_committed is the start of the open transaction' 3003 "$(end_of "$run-txn")"
echo 'plain, behind it' | produce "$run-txn"
consume "$run-txn" -X isolation.level=read_committed >"$dir/out"
same 'read_committed stops before an open transaction' "$dir/expected" "$dir/out"
printf '%s\n' 'never decided' 'plain, behind it' >"$dir/uncommitted"
consume "$run-txn" -X isolation.level=read_uncommitted | tail -n +3001 | sort -u >"$dir/out"
same 'read_uncommitted reads on' "$dir/uncommitted" "$dir/out"
kill -INT "$producer"
exec 9>&-
wait "$producer"
# Its successor ends what it left behind.
printf '' | produce "$run-txn" -X transactional.id="$run-interrupted"
echo 'plain, behind it' | cat "$dir/expected" - >"$dir/committed"
consume "$run-txn" -X isolation.level=read_committed >"$dir/out"
same 'an aborted transaction is skipped, what lies behind it is not' "$dir/committed" "$dir/out"

# ---- Consumer groups ------------------------------------------------------------------------------------------------

group() { kcat_ -G "$run-group" -e -q -X auto.offset.reset=earliest "$@"; }
head -n 400 "$dir/thousand" >"$dir/first"
tail -n +401 "$dir/thousand" >"$dir/rest"
produce "$run-grouped" <"$dir/first"
group "$run-grouped" >"$dir/out"
same 'a group reads from the beginning' "$dir/first" "$dir/out"
produce "$run-grouped" <"$dir/rest"
group "$run-grouped" >"$dir/out"
same 'a group goes on from its committed offset' "$dir/rest" "$dir/out"
group "$run-grouped" >"$dir/out"
same 'a group at the end reads nothing' /dev/null "$dir/out"

# Two members share two topics of one partition.
member() {
  : >"$dir/$1.$3"
  kcat -b "$bootstrap" -u -G "$run-shared-$3" -X auto.offset.reset=earliest -X partition.assignment.strategy="$3" \
    -X session.timeout.ms=6000 "$run-left-$3" "$run-right-$3" >"$dir/$1.$3" 2>"$dir/$1.$3.log" &
  members+=("$!")
  printf -v "$2" '%s' "$!"
}
partitions_in() { grep -E "$1" "$dir/$2" | grep -o '\[[0-9]*\]' | wc -l; }
# Whether a member holds so many partitions: what it was assigned less what was revoked.
holds() {
  local gained lost
  gained=$(partitions_in 'assigned:|incremental assignment' "$1")
  lost=$(partitions_in 'revoked:|incremental revoke' "$1")
  [ $((gained - lost)) = "$2" ]
}
share() { holds "one.$1.log" 1 && holds "two.$1.log" 1; }

for strategy in roundrobin cooperative-sticky; do
  sed 's/^/left /' "$dir/first" | produce "$run-left-$strategy"
  sed 's/^/right /' "$dir/first" | produce "$run-right-$strategy"
  member one first_member $strategy
  eventually lines_in 800 "$dir/one.$strategy"
  equal "$strategy: the only member reads everything" 800 "$(sort -u "$dir/one.$strategy" | wc -l)"
  member two second_member $strategy
  eventually share $strategy
  equal "$strategy: two members have one partition each" 0 "$(share $strategy; echo $?)"
  sed 's/^/left /' "$dir/rest" | produce "$run-left-$strategy"
  sed 's/^/right /' "$dir/rest" | produce "$run-right-$strategy"
  eventually lines_in 2000 "$dir/one.$strategy" "$dir/two.$strategy"
  cat "$dir/one.$strategy" "$dir/two.$strategy" | sort >"$dir/out"
  { sed 's/^/left /' "$dir/thousand"; sed 's/^/right /' "$dir/thousand"; } | sort >"$dir/expected"
  same "$strategy: both together read everything once" "$dir/expected" "$dir/out"
  equal "$strategy: the second member read its share" 600 "$(wc -l <"$dir/two.$strategy" | tr -d ' ')"
  kill -TERM "$first_member"
  wait "$first_member"
  echo 'left after' | produce "$run-left-$strategy"
  echo 'right after' | produce "$run-right-$strategy"
  eventually lines_in 2002 "$dir/one.$strategy" "$dir/two.$strategy"
  cat "$dir/one.$strategy" "$dir/two.$strategy" | sort >"$dir/out"
  printf '%s\n' 'left after' 'right after' | sort - "$dir/expected" >"$dir/expected2"
  same "$strategy: one takes over when the other leaves" "$dir/expected2" "$dir/out"
  kill -TERM "$second_member"
  wait "$second_member"
done

# ---- Verdict --------------------------------------------------------------------------------------------------------

# CONFWARN: kcat sets what newer versions of librdkafka have deprecated.
progress='Reached end|Waiting for group|Group .* rebalanced|Using transactional|Committing transaction|Transaction successfully'
grep -vE "CONFWARN|^% ($progress)" "$dir/errors" >"$dir/unexpected"
equal 'kcat complained of nothing' '' "$(cat "$dir/unexpected")"
echo "$checks checks, $failures wrong"
[ $failures = 0 ]
