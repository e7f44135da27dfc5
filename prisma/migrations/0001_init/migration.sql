-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "token" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" DATETIME,
    "refreshTokenExpiresAt" DATETIME,
    "scope" TEXT,
    "password" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "RateLimit" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Host" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "user" TEXT NOT NULL,
    "authKind" TEXT NOT NULL,
    "credential" TEXT,
    "become" TEXT NOT NULL,
    "hostKey" TEXT,
    "hostKeyType" TEXT,
    "hostKeyApprovedAt" DATETIME,
    "hostKeyApprovedBy" TEXT,
    "facts" TEXT,
    "factsAt" DATETIME,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Cluster" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "liveName" TEXT,
    "arpScope" TEXT NOT NULL,
    "rpFilter" TEXT NOT NULL,
    "directorTunnel" TEXT NOT NULL,
    "directorDevice" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "deletedAt" DATETIME,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "ClusterDirector" (
    "clusterId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "dip" TEXT NOT NULL,

    PRIMARY KEY ("clusterId", "hostId"),
    CONSTRAINT "ClusterDirector_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "ClusterDirector_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "VirtualService" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "protocol" TEXT,
    "vip" TEXT,
    "port" INTEGER,
    "mark" BIGINT,
    "family" INTEGER,
    "vips" TEXT NOT NULL DEFAULT '[]',
    "scheduler" TEXT NOT NULL,
    "flags" TEXT NOT NULL DEFAULT '[]',
    "persistenceSeconds" INTEGER,
    "persistenceMask" TEXT,
    "onePacket" BOOLEAN NOT NULL DEFAULT false,
    "persistenceEngine" TEXT,
    CONSTRAINT "VirtualService_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RealServer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "serviceId" TEXT NOT NULL,
    "hostId" TEXT,
    "name" TEXT NOT NULL,
    "rip" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "weight" INTEGER NOT NULL,
    "method" TEXT NOT NULL,
    "tunnelType" TEXT,
    "tunnelPort" INTEGER,
    "tunnelChecksum" TEXT,
    "upperThreshold" INTEGER NOT NULL DEFAULT 0,
    "lowerThreshold" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "RealServer_serviceId_fkey" FOREIGN KEY ("serviceId") REFERENCES "VirtualService" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "RealServer_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "LedgerRow" (
    "hostId" TEXT NOT NULL,
    "itemId" TEXT NOT NULL,
    "item" TEXT NOT NULL,
    "before" TEXT,
    "written" TEXT,
    "state" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "clusters" TEXT NOT NULL,
    "sinceApplyId" TEXT NOT NULL,

    PRIMARY KEY ("hostId", "itemId"),
    CONSTRAINT "LedgerRow_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Apply" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "clusterName" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "plan" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "desiredVersion" INTEGER NOT NULL,
    "options" TEXT NOT NULL DEFAULT '{}',
    "startedById" TEXT NOT NULL,
    "startedByName" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "endedAt" DATETIME,
    "failure" TEXT,
    "watch" TEXT
);

-- CreateTable
CREATE TABLE "ApplyStep" (
    "applyId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "hostId" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "batch" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "exit" INTEGER,
    "stdout" TEXT,
    "stderr" TEXT,
    "ms" INTEGER,
    "startedAt" DATETIME,
    "endedAt" DATETIME,

    PRIMARY KEY ("applyId", "position"),
    CONSTRAINT "ApplyStep_applyId_fkey" FOREIGN KEY ("applyId") REFERENCES "Apply" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Lock" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "owner" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "leaseUntil" DATETIME NOT NULL,
    "takenAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Drain" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "clusterId" TEXT NOT NULL,
    "realServerIds" TEXT NOT NULL,
    "startedAt" DATETIME NOT NULL,
    "deadlineAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "weightBefore" TEXT NOT NULL,
    "startedById" TEXT NOT NULL,
    "startedByName" TEXT NOT NULL,
    "lastCounts" TEXT,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Drain_clusterId_fkey" FOREIGN KEY ("clusterId") REFERENCES "Cluster" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "AuditEvent" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "at" DATETIME NOT NULL,
    "userId" TEXT,
    "userName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '{}'
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "RateLimit_key_key" ON "RateLimit"("key");

-- CreateIndex
CREATE UNIQUE INDEX "Host_name_key" ON "Host"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Cluster_liveName_key" ON "Cluster"("liveName");

-- CreateIndex
CREATE INDEX "ClusterDirector_hostId_idx" ON "ClusterDirector"("hostId");

-- CreateIndex
CREATE UNIQUE INDEX "VirtualService_clusterId_key_key" ON "VirtualService"("clusterId", "key");

-- CreateIndex
CREATE INDEX "RealServer_hostId_idx" ON "RealServer"("hostId");

-- CreateIndex
CREATE UNIQUE INDEX "RealServer_serviceId_rip_port_key" ON "RealServer"("serviceId", "rip", "port");

-- CreateIndex
CREATE INDEX "Apply_clusterId_startedAt_idx" ON "Apply"("clusterId", "startedAt");

-- CreateIndex
CREATE INDEX "Apply_state_idx" ON "Apply"("state");

-- CreateIndex
CREATE INDEX "Drain_state_idx" ON "Drain"("state");

-- CreateIndex
CREATE INDEX "Drain_clusterId_idx" ON "Drain"("clusterId");

-- CreateIndex
CREATE INDEX "AuditEvent_at_idx" ON "AuditEvent"("at");
