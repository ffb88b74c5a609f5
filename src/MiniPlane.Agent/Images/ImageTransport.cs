namespace MiniPlane.Agent.Images;

/// <summary>Where an image comes from.</summary>
internal enum ImageTransport
{
    /// <summary>An OCI image of a registry, made into a SIF here.</summary>
    Registry,

    /// <summary>A SIF file that a registry keeps.</summary>
    Oras,

    /// <summary>A SIF file of the file system.</summary>
    File,
}
