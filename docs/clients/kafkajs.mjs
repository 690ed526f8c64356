// Checks a broker with kafkajs: records, idempotent and transactional producers, groups, admin.
// usage: npm install && node kafkajs.mjs HOST:PORT
// Every value is read back and compared. Exits 1 when anything differed.

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'

const {
  AclOperationTypes, AclPermissionTypes, AclResourceTypes, CompressionTypes, ConfigResourceTypes, Kafka, logLevel, Partitioners,
  ResourcePatternTypes,
} = kafkajs

const bootstrap = process.argv[2]
if (!bootstrap) {
  console.error('usage: node kafkajs.mjs HOST:PORT')
  process.exit(2)
}

const run = `kafkajs-${randomUUID().slice(0, 8)}`
const complaints = []
const kafka = new Kafka({
  clientId: run,
  brokers: [bootstrap],
  logLevel: logLevel.WARN,
  logCreator: () => ({ label, log }) => complaints.push(`${label} ${log.message} ${log.error ?? ''}`),
})
const admin = kafka.admin()
let checks = 0
let failures = 0

async function check(name, body) {
  checks++
  try {
    await body()
    console.log(`ok    ${name}`)
  } catch (failure) {
    failures++
    console.log(`WRONG ${name}\n${failure.message}`)
  }
}

// What kafkajs says of a refusal that is provoked is no complaint.
async function provoked(body) {
  const before = complaints.length
  await body()
  complaints.length = before
}

async function eventually(what, condition, patienceMs = 30_000) {
  const deadline = Date.now() + patienceMs
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const numbers = (from, to) => Array.from({ length: to - from }, (_, index) => `value ${from + index}`)
const messages = (values) => values.map((value) => ({ value }))
const newTopic = async (name, numPartitions = 1) => {
  const topic = `${run}-${name}`
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true })
  return topic
}
const newProducer = (options = {}) => kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...options })
const newTransactional = async (name) => {
  const producer = newProducer({ transactionalId: `${run}-${name}`, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  return producer
}
const endOf = async (topic, partition = 0) => Number((await admin.fetchTopicOffsets(topic))[partition].high)

// A running member of a group: what it has received, how often it joined, and what it holds.
async function member(groupId, topics, options = {}) {
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 10_000,
    heartbeatInterval: 500,
    rebalanceTimeout: 10_000,
    maxWaitTimeInMs: 500,
    ...options,
  })
  const seen = { consumer, received: [], joined: 0, held: {} }
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    seen.joined++
    seen.held = payload.memberAssignment
  })
  await consumer.connect()
  await consumer.subscribe({ topics, fromBeginning: true })
  await consumer.run({
    autoCommit: options.autoCommit ?? true,
    eachMessage: async ({ topic, partition, message }) => {
      seen.received.push({ topic, partition, offset: Number(message.offset), value: message.value?.toString(), message })
    },
  })
  return seen
}

// What a fresh group reads from one topic until a value sent last has come.
async function readAll(topic, readUncommitted = false) {
  const producer = newProducer()
  await producer.connect()
  await producer.send({ topic, messages: [{ value: 'the last' }] })
  await producer.disconnect()
  const reader = await member(`${run}-${randomUUID()}`, [topic], { readUncommitted })
  try {
    await eventually(`the end of ${topic}`, () => reader.received.some(({ value }) => value === 'the last'))
  } finally {
    await reader.consumer.disconnect()
  }
  return reader.received.filter(({ value }) => value !== 'the last')
}
const valuesOf = (received) => received.map(({ value }) => value)

await admin.connect()

// ---- Records -------------------------------------------------------------------------------------------------------

await check('keys, headers, null values, time stamps', async () => {
  const topic = await newTopic('records')
  const producer = newProducer()
  await producer.connect()
  const [sent] = await producer.send({
    topic,
    acks: -1,
    messages: [
      { key: 'k', value: 'v', timestamp: '1700000000000', headers: { trace: 'abc', many: ['x', 'y'] } },
      { key: null, value: 'no key' },
      { key: 'gone', value: null },
    ],
  })
  await producer.disconnect()

  const [first, second, third] = await readAll(topic)

  assert.equal(sent.baseOffset, '0')
  assert.equal(first.message.key.toString(), 'k')
  assert.equal(first.message.timestamp, '1700000000000')
  assert.equal(first.message.headers.trace.toString(), 'abc')
  assert.deepEqual(first.message.headers.many.map(String), ['x', 'y'])
  assert.equal(second.message.key, null)
  assert.equal(third.message.value, null)
})

for (const [name, compression] of [['none', CompressionTypes.None], ['gzip', CompressionTypes.GZIP]]) {
  await check(`compression ${name}`, async () => {
    const topic = await newTopic(`codec-${name}`)
    const producer = newProducer()
    await producer.connect()
    await producer.send({ topic, compression, messages: messages(numbers(0, 2000)) })
    await producer.disconnect()

    assert.deepEqual(valuesOf(await readAll(topic)), numbers(0, 2000))
  })
}

for (const acks of [0, 1, -1]) {
  await check(`acks ${acks}`, async () => {
    const topic = await newTopic(`acks-${acks}`)
    const producer = newProducer()
    await producer.connect()
    for (let batch = 0; batch < 10; batch++) {
      await producer.send({ topic, acks, messages: messages(numbers(batch * 10, batch * 10 + 10)) })
    }
    await eventually('the last batch', async () => (await endOf(topic)) === 100)
    await producer.disconnect()

    assert.deepEqual(valuesOf(await readAll(topic)), numbers(0, 100))
  })
}

await check('three partitions, each in the order sent', async () => {
  const topic = await newTopic('three', 3)
  const producer = newProducer()
  await producer.connect()
  await producer.sendBatch({
    topicMessages: [{ topic, messages: numbers(0, 300).map((value, index) => ({ value, partition: index % 3 })) }],
  })
  await producer.disconnect()
  const reader = await member(`${run}-three`, [topic])
  await eventually('300 records', () => reader.received.length >= 300)
  await reader.consumer.disconnect()

  for (const partition of [0, 1, 2]) {
    const read = reader.received.filter((one) => one.partition === partition)
    assert.deepEqual(valuesOf(read), numbers(0, 300).filter((_, index) => index % 3 === partition))
    assert.deepEqual(read.map(({ offset }) => offset), Array.from({ length: 100 }, (_, offset) => offset))
  }
})

await check('idempotent producer', async () => {
  const topic = await newTopic('idempotent')
  const producer = newProducer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  for (let batch = 0; batch < 50; batch++) {
    await producer.send({ topic, messages: messages(numbers(batch * 10, batch * 10 + 10)) })
  }
  await producer.disconnect()

  assert.equal(await endOf(topic), 500)
  assert.deepEqual(valuesOf(await readAll(topic)), numbers(0, 500))
})

await check('a batch that is too large is refused', async () => {
  const topic = await newTopic('large')
  const producer = newProducer({ retry: { retries: 0 } })
  await producer.connect()
  await provoked(async () => {
    const refused = producer.send({ topic, messages: [{ value: Buffer.alloc(2_000_000) }] })
    await assert.rejects(refused, (failure) => /MESSAGE_TOO_LARGE|larger than/.test(`${failure.type} ${failure.message}`))
  })
  await producer.send({ topic, messages: [{ value: Buffer.alloc(900_000, 'x') }] })
  await producer.disconnect()

  const [only] = await readAll(topic)

  assert.equal(only.message.value.length, 900_000)
})

// ---- Transactions --------------------------------------------------------------------------------------------------

await check('committed is seen, aborted is not', async () => {
  const topic = await newTopic('decided', 2)
  const producer = await newTransactional('decided')
  for (let round = 0; round < 6; round++) {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: numbers(round * 10, round * 10 + 10).map((value) => ({ value, partition: round % 2 })) })
    await transaction.send({ topic, messages: [{ value: `round ${round}`, partition: (round + 1) % 2 }] })
    await (round % 3 === 1 ? transaction.abort() : transaction.commit())
  }
  await producer.disconnect()
  const reader = await member(`${run}-decided`, [topic])
  await eventually('44 records', () => reader.received.length >= 44)
  await reader.consumer.disconnect()

  const expected = [0, 2, 3, 5].flatMap((round) => [...numbers(round * 10, round * 10 + 10), `round ${round}`])
  assert.deepEqual(valuesOf(reader.received).sort(), expected.sort())
  assert.equal((await endOf(topic, 0)) + (await endOf(topic, 1)), 66 + 12)
})

await check('an open transaction holds back read_committed only', async () => {
  const topic = await newTopic('open')
  const producer = await newTransactional('open')
  const transaction = await producer.transaction()
  await transaction.send({ topic, messages: messages(['open']) })
  const committed = await member(`${run}-open`, [topic])
  const uncommitted = await readAll(topic, true)

  assert.deepEqual(valuesOf(uncommitted), ['open'])
  assert.deepEqual(valuesOf(committed.received), [])
  await transaction.commit()
  await eventually('both', () => committed.received.length === 2)
  assert.deepEqual(valuesOf(committed.received), ['open', 'the last'])
  await committed.consumer.disconnect()
  await producer.disconnect()
})

await check('offsets are committed with their transaction and not with an aborted one', async () => {
  const topic = await newTopic('in', 2)
  const groupId = `${run}-copier`
  const producer = await newTransactional('copier')
  const offsetsOf = async () => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] })
    return partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => offset)
  }
  const move = async (first, second) => {
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: messages(['moved']) })
    await transaction.sendOffsets({
      consumerGroupId: groupId,
      topics: [{ topic, partitions: [{ partition: 0, offset: first }, { partition: 1, offset: second }] }],
    })
    return transaction
  }

  assert.deepEqual(await offsetsOf(), ['-1', '-1'])
  await (await move('5', '6')).commit()
  assert.deepEqual(await offsetsOf(), ['5', '6'])
  await (await move('7', '8')).abort()
  assert.deepEqual(await offsetsOf(), ['5', '6'])
  await (await move('9', '10')).commit()
  assert.deepEqual(await offsetsOf(), ['9', '10'])
  await producer.disconnect()
})

await check('read, transform and write: every record takes effect once, across a restart', async () => {
  const input = await newTopic('source')
  const output = await newTopic('sink')
  const feeder = newProducer()
  await feeder.connect()
  await feeder.send({ topic: input, messages: messages(numbers(0, 200)) })
  await feeder.disconnect()

  const groupId = `${run}-transformer`
  const transformUntil = async (count, abortEvery) => {
    const producer = await newTransactional('transformer')
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 500, maxBytes: 400, maxBytesPerPartition: 400 })
    let done = 0
    let turn = 0
    await consumer.connect()
    await consumer.subscribe({ topic: input, fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ message }) => {
        if (done >= count) return
        const offset = String(Number(message.offset) + 1)
        // An aborted attempt is followed by one that is kept, so that both kinds lie in the log.
        for (const keep of ++turn % abortEvery === 0 ? [false, true] : [true]) {
          const transaction = await producer.transaction()
          await transaction.send({ topic: output, messages: messages([`${message.value} done`]) })
          await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: input, partitions: [{ partition: 0, offset }] }] })
          await (keep ? transaction.commit() : transaction.abort())
        }
        done++
      },
    })
    await eventually(`${count} records`, () => done >= count)
    await consumer.disconnect()
    await producer.disconnect()
  }
  await transformUntil(80, 4)
  await transformUntil(120, 7)

  assert.deepEqual(valuesOf(await readAll(output)), numbers(0, 200).map((value) => `${value} done`))
})

await check('a second producer of the same transactional id fences the first', async () => {
  const topic = await newTopic('fenced')
  const first = await newTransactional('fenced')
  const transaction = await first.transaction()
  await transaction.send({ topic, messages: messages(['of the first']) })
  const second = await newTransactional('fenced')
  const newer = await second.transaction()
  await newer.send({ topic, messages: messages(['of the second']) })
  await newer.commit()

  await provoked(() =>
    assert.rejects(transaction.commit(), (failure) => /FENCED|INVALID_PRODUCER_EPOCH/.test(failure.type ?? failure.message)))
  await first.disconnect()
  await second.disconnect()
  assert.deepEqual(valuesOf(await readAll(topic)), ['of the second'])
})

// ---- Groups --------------------------------------------------------------------------------------------------------

const shared = await newTopic('shared', 4)
const sharedGroup = `${run}-shared`
const sender = newProducer()
await sender.connect()
const spread = (from, to) =>
  sender.send({ topic: shared, messages: numbers(from, to).map((value, index) => ({ value, partition: index % 4 })) })
let one
let two

await check('a member alone holds every partition', async () => {
  await spread(0, 200)
  one = await member(sharedGroup, [shared])
  await eventually('200 records', () => one.received.length >= 200)

  assert.deepEqual(one.held[shared].sort(), [0, 1, 2, 3])
  assert.deepEqual(valuesOf(one.received).sort(), numbers(0, 200).sort())
})

await check('a second member takes half, nothing is lost or read twice', async () => {
  two = await member(sharedGroup, [shared])
  await eventually('two each', () => one.held[shared]?.length === 2 && two.held[shared]?.length === 2)
  await spread(200, 400)
  await eventually('400 records', () => one.received.length + two.received.length >= 400)

  assert.deepEqual([...one.held[shared], ...two.held[shared]].sort(), [0, 1, 2, 3])
  assert.equal(two.received.length, 100)
  assert.deepEqual([...valuesOf(one.received), ...valuesOf(two.received)].sort(), numbers(0, 400).sort())
})

await check('the group is described as it is', async () => {
  const { groups } = await admin.describeGroups([sharedGroup])

  assert.equal(groups.length, 1)
  assert.equal(groups[0].errorCode, 0)
  assert.equal(groups[0].state, 'Stable')
  assert.equal(groups[0].protocolType, 'consumer')
  assert.equal(groups[0].protocol, 'RoundRobinAssigner')
  assert.equal(groups[0].members.length, 2)
  assert.ok(groups[0].members.every((member) => member.memberAssignment.length > 0 && member.clientId === run))
  const listed = (await admin.listGroups()).groups.filter(({ groupId }) => groupId === sharedGroup)
  assert.deepEqual(listed, [{ groupId: sharedGroup, protocolType: 'consumer' }])
})

await check('when one leaves the other takes over', async () => {
  await one.consumer.disconnect()
  await eventually('all four', () => two.held[shared]?.length === 4)
  await spread(400, 500)
  await eventually('500 records', () => one.received.length + two.received.length >= 500)

  assert.deepEqual([...valuesOf(one.received), ...valuesOf(two.received)].sort(), numbers(0, 500).sort())
})

await check('a restarted group goes on from its committed offsets', async () => {
  await two.consumer.disconnect()
  const [{ partitions }] = await admin.fetchOffsets({ groupId: sharedGroup, topics: [shared] })
  assert.deepEqual(partitions.map(({ offset }) => offset), ['125', '125', '125', '125'])
  await spread(500, 600)
  const again = await member(sharedGroup, [shared])
  await eventually('100 records', () => again.received.length >= 100)
  await again.consumer.disconnect()

  assert.deepEqual(valuesOf(again.received).sort(), numbers(500, 600).sort())
})

await check('commitOffsets by hand, seek, pause and resume', async () => {
  const topic = await newTopic('by-hand')
  const groupId = `${run}-by-hand`
  await sender.send({ topic, messages: messages(numbers(0, 50)) })
  const reader = await member(groupId, [topic], { autoCommit: false })
  await eventually('50 records', () => reader.received.length >= 50)
  await reader.consumer.commitOffsets([{ topic, partition: 0, offset: '20', metadata: 'noted' }])
  reader.consumer.pause([{ topic }])
  reader.consumer.seek({ topic, partition: 0, offset: '45' })
  reader.consumer.resume([{ topic }])
  await eventually('5 more', () => reader.received.length >= 55)
  await reader.consumer.disconnect()

  assert.deepEqual(valuesOf(reader.received.slice(50)), numbers(45, 50))
  const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] })
  assert.deepEqual(partitions, [{ partition: 0, offset: '20', metadata: 'noted' }])
})

// ---- Admin ---------------------------------------------------------------------------------------------------------

await check('topics are created, listed, described, enlarged and deleted', async () => {
  const topic = `${run}-admin`
  assert.equal(await admin.createTopics({ topics: [{ topic, numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '12345' }] }] }), true)
  await provoked(async () => assert.equal(await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] }), false))
  assert.ok((await admin.listTopics()).includes(topic))
  assert.equal((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length, 3)
  await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
  assert.equal((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length, 5)
  const { resources } = await admin.describeConfigs({
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }],
  })
  assert.deepEqual(resources[0].configEntries.map(({ configName, configValue }) => [configName, configValue]), [['retention.ms', '12345']])
  await admin.deleteTopics({ topics: [topic] })
  await eventually('the topic to be gone', async () => !(await admin.listTopics()).includes(topic))
  await provoked(() => assert.rejects(admin.fetchTopicMetadata({ topics: [topic] }), /does not host this topic-partition/))
})

await check('the cluster is described', async () => {
  const { brokers, controller, clusterId } = await admin.describeCluster()

  assert.ok(brokers.length >= 1)
  assert.ok(brokers.some(({ nodeId }) => nodeId === controller))
  assert.ok(clusterId.length > 0)
})

await check('offsets by time', async () => {
  const topic = await newTopic('times')
  await sender.send({ topic, messages: [1000, 2000, 3000].map((time) => ({ value: `at ${time}`, timestamp: String(time) })) })

  assert.equal((await admin.fetchTopicOffsetsByTimestamp(topic, 1500))[0].offset, '1')
  const [{ offset, high, low }] = await admin.fetchTopicOffsets(topic)
  assert.deepEqual([offset, high, low], ['3', '3', '0'])
})

await check('offsets of a group are set, reset and go with the group', async () => {
  const topic = await newTopic('offsets')
  const groupId = `${run}-offsets`
  await sender.send({ topic, messages: messages(numbers(0, 10)) })
  const offset = async () => (await admin.fetchOffsets({ groupId, topics: [topic] }))[0].partitions[0].offset
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '7' }] })
  assert.equal(await offset(), '7')
  await admin.resetOffsets({ groupId, topic, earliest: true })
  assert.equal((await admin.fetchOffsets({ groupId, topics: [topic], resolveOffsets: true }))[0].partitions[0].offset, '0')
  await admin.deleteGroups([groupId])
  assert.equal(await offset(), '-1')
  assert.ok(!(await admin.listGroups()).groups.some((group) => group.groupId === groupId))
})

await check('topic settings are replaced as a whole (AlterConfigs)', async () => {
  const topic = await newTopic('altered')
  const resource = { type: ConfigResourceTypes.TOPIC, name: topic }
  const alter = (configEntries) => admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] })
  const settings = async () => {
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false })
    return Object.fromEntries(resources[0].configEntries.map(({ configName, configValue }) => [configName, configValue]))
  }
  await alter([{ name: 'retention.ms', value: '5000' }])
  assert.equal((await settings())['retention.ms'], '5000')
  await alter([{ name: 'max.message.bytes', value: '9000' }])
  assert.deepEqual([(await settings())['retention.ms'], (await settings())['max.message.bytes']], ['604800000', '9000'])
})

await check('no partition is on its way, and none can be sent to a broker that is not there', async () => {
  const topic = await newTopic('moving')
  const { topics } = await admin.listPartitionReassignments({ topics: [{ topic, partitions: [0] }] })
  assert.deepEqual(topics, [])
  await provoked(() => assert.rejects(
    admin.alterPartitionReassignments({ topics: [{ topic, partitionAssignment: [{ partition: 0, replicas: [777] }] }] }),
    (failure) => failure.errors.every(({ type }) => type === 'INVALID_REPLICA_ASSIGNMENT')))
})

await check('without an authorizer ACLs are answered with SECURITY_DISABLED', async () => {
  await provoked(() => assert.rejects(admin.describeAcls({
    resourceType: AclResourceTypes.TOPIC, resourceName: 'any', resourcePatternType: ResourcePatternTypes.LITERAL,
    operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY, host: '*', principal: 'User:any',
  }), { type: 'SECURITY_DISABLED' }))
})

await sender.disconnect()
await admin.disconnect()

// ---- Verdict -------------------------------------------------------------------------------------------------------

// A rebalance in progress is how a member learns that it must join again.
const unexpected = complaints.filter((line) => !/rebalanc/i.test(line))
await check('kafkajs complained of nothing', async () => assert.deepEqual(unexpected, []))
console.log(`${checks} checks, ${failures} wrong`)
process.exit(failures === 0 ? 0 : 1)
