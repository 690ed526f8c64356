// Checks a broker with @platformatic/kafka: records, codecs, transactions, groups of both protocols, admin.
// usage: npm install && node platformatic.mjs HOST:PORT
// Every value is read back and compared. Exits 1 when anything differed.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import zlib from 'node:zlib'
import { Admin, Consumer, FetchIsolationLevels, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const bootstrap = process.argv[2]
if (!bootstrap) {
  console.error('usage: node platformatic.mjs HOST:PORT')
  process.exit(2)
}

const run = `platformatic-${randomUUID().slice(0, 8)}`
const common = { clientId: run, bootstrapBrokers: [bootstrap] }
const admin = new Admin({ ...common })
let checks = 0
let failures = 0

// A check that finds it cannot be made answers why.
async function check(name, body) {
  checks++
  try {
    const skipped = await body()
    if (skipped) checks--
    console.log(skipped ? `skip  ${name}: ${skipped}` : `ok    ${name}`)
  } catch (failure) {
    failures++
    console.log(`WRONG ${name}\n${told(failure)}`)
  }
}

function told(failure) {
  const inner = [...(failure.errors ?? []), failure.cause].filter(Boolean)
  return [failure.message, ...inner.map(told)].join('\n')
}

async function eventually(what, condition, patienceMs = 30_000) {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const numbers = (from, to) => Array.from({ length: to - from }, (_, index) => `value ${from + index}`)
const newTopic = async (name, partitions = 1) => {
  const topic = `${run}-${name}`
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 })
  return topic
}
const newProducer = (options = {}) => new Producer({ ...common, serializers: stringSerializers, autocreateTopics: false, ...options })
const newTransactional = (name) => newProducer({ idempotent: true, transactionalId: `${run}-${name}` })

// A member of a group that keeps what it reads.
async function member(groupId, topics, options = {}, stream = {}) {
  const consumer = new Consumer({ ...common, groupId, deserializers: stringDeserializers, maxWaitTime: 500, ...options })
  const seen = { consumer, received: [] }
  const classic = options.groupProtocol === 'consumer' ? {} : { sessionTimeout: 10_000, heartbeatInterval: 500, rebalanceTimeout: 10_000 }
  seen.stream = await consumer.consume({ topics, autocommit: true, mode: 'committed', fallbackMode: 'earliest', ...classic, ...stream })
  seen.stream.on('data', (message) => seen.received.push(message))
  seen.held = () => (consumer.assignments ?? []).flatMap(({ partitions }) => partitions).sort()
  seen.leave = async () => {
    await seen.stream.close()
    await consumer.close(true)
  }
  return seen
}
const valuesOf = (received) => received.map(({ value }) => value)

// What a fresh group reads from one topic until a value sent last has come.
async function readAll(topic, isolationLevel = FetchIsolationLevels.READ_COMMITTED) {
  const producer = newProducer()
  await producer.send({ messages: [{ topic, partition: 0, value: 'the last' }] })
  await producer.close()
  const reader = await member(`${run}-${randomUUID()}`, [topic], { isolationLevel })
  await eventually(`the end of ${topic}`, () => reader.received.some(({ value }) => value === 'the last'))
  await reader.leave()
  return reader.received.filter(({ value }) => value !== 'the last')
}

// ---- Records -------------------------------------------------------------------------------------------------------

await check('keys, headers, time stamps', async () => {
  const topic = await newTopic('records')
  const producer = newProducer()
  const sent = await producer.send({
    messages: [{ topic, key: 'k', value: 'v', timestamp: 1700000000000n, headers: { trace: 'abc' } }, { topic, value: 'no key' }],
    acks: -1,
  })
  await producer.close()
  const [first, second] = await readAll(topic)

  assert.deepEqual(sent.offsets, [{ topic, partition: 0, offset: 0n }])
  assert.deepEqual([first.key, first.value, first.timestamp, first.offset], ['k', 'v', 1700000000000n, 0n])
  assert.deepEqual([...first.headers], [['trace', 'abc']])
  assert.equal(second.value, 'no key')
})

for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
  await check(`compression ${compression}`, async () => {
    if (compression === 'zstd' && !zlib.zstdCompressSync) return `Node.js ${process.version} has none`
    const topic = await newTopic(`codec-${compression}`)
    const producer = newProducer()
    await producer.send({ compression, messages: numbers(0, 2000).map((value) => ({ topic, value })) })
    await producer.close()

    assert.deepEqual(valuesOf(await readAll(topic)), numbers(0, 2000))
  })
}

for (const acks of [0, 1, -1]) {
  await check(`acks ${acks}`, async () => {
    const topic = await newTopic(`acks-${acks}`)
    const producer = newProducer()
    for (let batch = 0; batch < 10; batch++) {
      await producer.send({ acks, messages: numbers(batch * 10, batch * 10 + 10).map((value) => ({ topic, value })) })
    }
    await producer.close()
    await eventually('the last batch', async () => (await endOf(topic)) === 100n)

    assert.deepEqual(valuesOf(await readAll(topic)), numbers(0, 100))
  })
}

async function endOf(topic) {
  const consumer = new Consumer({ ...common, groupId: `${run}-asker` })
  const offsets = await consumer.listOffsets({ topics: [topic], isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED })
  await consumer.close()
  return offsets.get(topic)[0]
}

await check('idempotent producer', async () => {
  const topic = await newTopic('idempotent', 2)
  const producer = newProducer({ idempotent: true })
  for (let batch = 0; batch < 50; batch++) {
    await producer.send({ messages: numbers(batch * 10, batch * 10 + 10).map((value) => ({ topic, value, partition: batch % 2 })) })
  }
  await producer.close()
  const reader = await member(`${run}-idempotent`, [topic])
  await eventually('500 records', () => reader.received.length >= 500)
  await reader.leave()

  for (const partition of [0, 1]) {
    const read = reader.received.filter((one) => one.partition === partition)
    assert.deepEqual(valuesOf(read), numbers(0, 500).filter((_, index) => Math.floor(index / 10) % 2 === partition))
    assert.deepEqual(read.map(({ offset }) => Number(offset)), Array.from({ length: 250 }, (_, offset) => offset))
  }
})

// ---- Transactions --------------------------------------------------------------------------------------------------

// Only the last of a producer's aborted transactions is skipped by this client when several come in one answer, and none
// whose end comes in a later one. That is read off its source; so each producer aborts once here.
await check('committed is seen, aborted is not', async () => {
  const topic = await newTopic('decided')
  const producer = newTransactional('decided')
  for (let round = 0; round < 6; round++) {
    const transaction = await producer.beginTransaction()
    await transaction.send({ messages: numbers(round * 10, round * 10 + 10).map((value) => ({ topic, value })) })
    await (round === 3 ? transaction.abort() : transaction.commit())
  }
  await producer.close()

  assert.equal(await endOf(topic), 66n)
  assert.deepEqual(valuesOf(await readAll(topic)), [0, 1, 2, 4, 5].flatMap((round) => numbers(round * 10, round * 10 + 10)))
})

await check('an open transaction holds back read_committed only', async () => {
  const topic = await newTopic('open')
  const producer = newTransactional('open')
  const transaction = await producer.beginTransaction()
  await transaction.send({ messages: [{ topic, value: 'open' }] })
  const committed = await member(`${run}-open`, [topic])

  assert.deepEqual(valuesOf(await readAll(topic, FetchIsolationLevels.READ_UNCOMMITTED)), ['open'])
  assert.deepEqual(valuesOf(committed.received), [])
  await transaction.commit()
  await eventually('both', () => committed.received.length >= 2)
  await committed.leave()
  await producer.close()
  assert.deepEqual(valuesOf(committed.received), ['open', 'the last'])
})

await check('read, transform and write with the offsets in the transaction', async () => {
  const input = await newTopic('source')
  const output = await newTopic('sink')
  const groupId = `${run}-transformer`
  const feeder = newProducer()
  await feeder.send({ messages: numbers(0, 60).map((value) => ({ topic: input, value })) })
  await feeder.close()
  const offsetOf = async () => (await admin.listConsumerGroupOffsets({ groups: [groupId] }))[0]
    .topics.find(({ name }) => name === input)?.partitions[0].committedOffset
  const transformUntil = async (count, until) => {
    const producer = newTransactional(`transformer-${until}`)
    const reader = await member(groupId, [input], {}, { autocommit: false })
    await eventually(`${count} records`, () => reader.received.length >= count)
    for (const message of reader.received.slice(0, count)) {
      // One attempt is aborted and made again.
      for (const keep of Number(message.offset) === until - 10 ? [false, true] : [true]) {
        const transaction = await producer.beginTransaction()
        await transaction.addConsumer(reader.consumer)
        await transaction.send({ messages: [{ topic: output, value: `${message.value} done` }] })
        await transaction.addOffset(message)
        await (keep ? transaction.commit() : transaction.abort())
      }
    }
    await reader.leave()
    await producer.close()
    assert.equal(await offsetOf(), BigInt(until))
  }
  await transformUntil(20, 20)
  await transformUntil(40, 60)

  assert.deepEqual(valuesOf(await readAll(output)), numbers(0, 60).map((value) => `${value} done`))
})

// ---- Groups --------------------------------------------------------------------------------------------------------

for (const groupProtocol of ['classic', 'consumer']) {
  await check(`${groupProtocol} group: two members share, hand over and restart`, async () => {
    const topic = await newTopic(`shared-${groupProtocol}`, 4)
    const groupId = `${run}-shared-${groupProtocol}`
    // A producer that is not idempotent writes twice what it sends again because a topic is still too new.
    const producer = newProducer({ idempotent: true })
    const spread = (from, to) =>
      producer.send({ messages: numbers(from, to).map((value, index) => ({ topic, value, partition: index % 4 })) })

    // Nothing is read twice when all that was read is committed before the group is shared out anew.
    const committed = async (count) => {
      const [{ topics }] = await admin.listConsumerGroupOffsets({ groups: [groupId] })
      const partitions = topics.find(({ name }) => name === topic)?.partitions ?? []
      return partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset), 0) === count
    }

    await spread(0, 200)
    let one
    try {
      one = await member(groupId, [topic], { groupProtocol })
    } catch (failure) {
      if (groupProtocol === 'consumer' && /Unsupported API ConsumerGroupHeartbeat/.test(told(failure))) return 'the broker does not offer it'
      throw failure
    }
    await eventually('200 records', () => one.received.length >= 200)
    assert.deepEqual(one.held(), [0, 1, 2, 3])
    await eventually('200 committed', () => committed(200))
    const two = await member(groupId, [topic], { groupProtocol })
    await eventually('two each', () => one.held().length === 2 && two.held().length === 2)
    assert.deepEqual([...one.held(), ...two.held()].sort(), [0, 1, 2, 3])
    // A fetch that was under way when the group was shared out anew still asks for what was given away.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await spread(200, 400)
    await eventually('400 records', () => one.received.length + two.received.length >= 400)
    assert.deepEqual([...valuesOf(one.received), ...valuesOf(two.received)].sort(), numbers(0, 400).sort())
    assert.equal(two.received.length, 100)

    await eventually('400 committed', () => committed(400))
    await one.leave()
    await eventually('all four', () => two.held().length === 4)
    await spread(400, 500)
    await eventually('500 records', () => one.received.length + two.received.length >= 500)
    assert.deepEqual([...valuesOf(one.received), ...valuesOf(two.received)].sort(), numbers(0, 500).sort())
    await eventually('500 committed', () => committed(500))
    await two.leave()

    await spread(500, 600)
    const again = await member(groupId, [topic], { groupProtocol })
    await eventually('100 records', () => again.received.length >= 100)
    await again.leave()
    await producer.close()
    assert.deepEqual(valuesOf(again.received).sort(), numbers(500, 600).sort())
  })
}

// ---- Admin ---------------------------------------------------------------------------------------------------------

await check('topics are created, listed, enlarged and deleted', async () => {
  const topic = `${run}-admin`
  const [created] = await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1, configs: [{ name: 'retention.ms', value: '12345' }] })
  assert.deepEqual([created.name, created.partitions, created.replicas], [topic, 3, 1])
  await assert.rejects(admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 }))
  assert.ok((await admin.listTopics()).includes(topic))
  const [broker] = (await admin.metadata({ topics: [topic] })).brokers.keys()
  const assignments = [{ brokerIds: [broker] }, { brokerIds: [broker] }]
  await assert.rejects(admin.createPartitions({ topics: [{ name: topic, count: 5, assignments: [] }] }))
  await admin.createPartitions({ topics: [{ name: topic, count: 5, assignments }] })
  await eventually('five partitions', async () =>
    (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitionsCount === 5)
  const [{ configs }] = await admin.describeConfigs({ resources: [{ resourceType: 2, resourceName: topic, configurationKeys: ['retention.ms'] }] })
  assert.deepEqual(configs.map(({ name, value }) => [name, value]), [['retention.ms', '12345']])
  await admin.deleteTopics({ topics: [topic] })
  assert.ok(!(await admin.listTopics()).includes(topic))
})

await check('groups are listed, described and deleted', async () => {
  const topic = await newTopic('grouped')
  const groupId = `${run}-grouped`
  const reader = await member(groupId, [topic])
  const group = (await admin.describeGroups({ groups: [groupId] })).get(groupId)
  const listed = (await admin.listGroups()).get(groupId)
  await reader.leave()

  assert.deepEqual([group.state, group.protocolType, group.members.size], ['STABLE', 'consumer', 1])
  assert.deepEqual([listed.state, listed.protocolType], ['STABLE', 'consumer'])
  await admin.deleteGroups({ groups: [groupId] })
  assert.ok(!(await admin.listGroups()).has(groupId))
})

await admin.close()
console.log(`${checks} checks, ${failures} wrong`)
process.exit(failures === 0 ? 0 : 1)
