namespace MiniPlane.Controllers.Volumes;

/// <summary>Names that upstream's volume controllers, provisioners and kubectl agree on.</summary>
internal static class VolumeWords
{
    /// <summary>The source of Events, as upstream's controller names itself.</summary>
    public const string Component = "persistentvolume-controller";

    /// <summary>The provisioner of the built-in classes: volumes are directories.</summary>
    public const string Provisioner = "miniplane.io/directory";

    /// <summary>Parameter of a class of ours: the directory in which volumes are made.</summary>
    public const string RootParameter = "root";

    /// <summary>Parameter of a class of ours: <c>true</c> for a directory on each compute node's own disk.</summary>
    public const string NodeLocalParameter = "nodeLocal";

    public const string BindCompleted = "pv.kubernetes.io/bind-completed";
    public const string BoundByController = "pv.kubernetes.io/bound-by-controller";
    public const string ProvisionedBy = "pv.kubernetes.io/provisioned-by";
    public const string SelectedNode = "volume.kubernetes.io/selected-node";
    public const string StorageProvisioner = "volume.kubernetes.io/storage-provisioner";
    public const string BetaStorageProvisioner = "volume.beta.kubernetes.io/storage-provisioner";

    public const string DefaultClass = "storageclass.kubernetes.io/is-default-class";
    public const string BetaDefaultClass = "storageclass.beta.kubernetes.io/is-default-class";

    public const string ClaimProtection = "kubernetes.io/pvc-protection";
    public const string VolumeProtection = "kubernetes.io/pv-protection";

    /// <summary>Keeps a provisioned volume until its data is gone, whichever of volume and claim is deleted first.</summary>
    public const string DataProtection = "external-provisioner.volume.kubernetes.io/finalizer";
}
