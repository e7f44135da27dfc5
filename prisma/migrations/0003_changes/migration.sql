-- AlterTable
ALTER TABLE "Apply" ADD COLUMN "desired" TEXT;
ALTER TABLE "Apply" ADD COLUMN "revertOf" TEXT;
ALTER TABLE "Apply" ADD COLUMN "undo" TEXT;

-- CreateTable
CREATE TABLE "ClusterPolicy" (
    "clusterId" TEXT NOT NULL PRIMARY KEY,
    "timedUndo" TEXT NOT NULL DEFAULT 'risky',
    "undoSeconds" INTEGER NOT NULL DEFAULT 60,
    "confirmBy" TEXT NOT NULL DEFAULT 'server',
    "onFailure" TEXT NOT NULL DEFAULT 'stop',
    CONSTRAINT "ClusterPolicy_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Drift" (
    "hostId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "clusterId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "desired" TEXT,
    "running" TEXT,
    "saved" TEXT,
    "since" DATETIME NOT NULL,
    "ignoredById" TEXT,
    "ignoredByName" TEXT,
    "ignoredWhy" TEXT,
    "ignoredAt" DATETIME,

    PRIMARY KEY ("hostId", "itemId", "clusterId"),
    CONSTRAINT "Drift_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "HostReading" (
    "hostId" TEXT NOT NULL PRIMARY KEY,
    "triedAt" DATETIME NOT NULL,
    "readAt" DATETIME,
    "ms" INTEGER,
    "failure" TEXT,
    CONSTRAINT "HostReading_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Drift_clusterId_idx" ON "Drift"("clusterId");

-- CreateIndex
CREATE INDEX "AuditEvent_subject_at_idx" ON "AuditEvent"("subject", "at");
