/** The volumes: whether they may be written to, and how full they are. */
function volumeList() {
  return {
    get rows() {
      const volumes = page().status?.volumes ?? [];
      return volumes.map((volume) => ({
        name: volume.name,
        mount: volume.mount,
        look: lookOf(volume.guard),
        message: volume.message,
        device: volume.device ?? 'not known',
        disk: volume.disk ?? '',
        shares: sharingWords(volume, volumes),
        ...volumeSpace(volume),
      }));
    },
    get isShown() {
      return this.rows.length > 0;
    },
  };
}

/**
 * Volumes on one physical disk fail together, whatever they are called.
 * @param {Anchord.VolumeStatus} volume
 * @param {readonly Anchord.VolumeStatus[]} volumes
 */
function sharingWords({ name, disk }, volumes) {
  const own = new Set(disk?.split(' + '));
  const others = volumes.filter(
    (other) => other.name !== name && other.disk?.split(' + ').some((one) => own.has(one)),
  );
  return others.length === 0 ? '' : `fails together with ${others.map((other) => other.name).join(', ')}`;
}

/** @param {Anchord.VolumeStatus} volume */
function volumeSpace({ sizeBytes, freeBytes }) {
  if (sizeBytes === undefined || freeBytes === undefined || sizeBytes === 0) {
    return { hasSpace: false, usedPercent: 0, space: 'not known' };
  }
  const usedPercent = Math.round((100 * (sizeBytes - freeBytes)) / sizeBytes);
  return {
    hasSpace: true,
    usedPercent,
    space: `${sayBytes(freeBytes)} free of ${sayBytes(sizeBytes)}, ${usedPercent} % full`,
  };
}

document.addEventListener('alpine:init', () => Alpine.data('volumeList', volumeList));
