using MiniPlane.Objects.Networking;

namespace MiniPlane.Agent.Images;

/// <summary>
/// The site's authorities for one run of Apptainer, which trusts what Go's crypto/x509 does: every file in the directories of SSL_CERT_DIR,
/// and so a directory of its own beside the node's.
/// </summary>
internal sealed class ApptainerTrust : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("miniplane-authorities-").FullName;

    private ApptainerTrust(string authorities) => File.WriteAllText(Path.Combine(_directory, "authorities.pem"), authorities);

    /// <summary>Null when the site names none.</summary>
    public static ApptainerTrust? Make(string authorities) => authorities.Length > 0 ? new ApptainerTrust(authorities) : null;

    public void AddTo(IDictionary<string, string?> environment) => environment["SSL_CERT_DIR"] = $"{HostTrust.Directories}:{_directory}";

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
