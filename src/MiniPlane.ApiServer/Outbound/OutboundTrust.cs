using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>Whom the server trusts when it calls, and what it shows of itself. Equal values share connections.</summary>
/// <param name="CaBundle">Base64 of the PEM bundle that must have signed the other's certificate; empty means the host's own list.</param>
/// <param name="SkipVerify">The other's certificate is not looked at.</param>
/// <param name="Client">The certificate the server shows, or null.</param>
internal sealed record OutboundTrust(string CaBundle, bool SkipVerify = false, X509Certificate2? Client = null);
