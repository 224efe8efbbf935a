//! Peers that say exactly what they are told to, byte by byte.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// What a peer does with a connection.
#[derive(Clone, Debug)]
pub enum Says {
    /// Reads what comes, and says this at once.
    Then(Vec<u8>),
    /// The same, and closes the connection.
    ThenCloses(Vec<u8>),
    /// Says the first part at once, the second again and again, a byte a moment, until nobody listens.
    Dribbles(Vec<u8>, &'static [u8]),
    /// Reads nothing, and says nothing.
    Nothing,
}

/// The pause between two bytes: shorter than any limit of a test.
const MOMENT: Duration = Duration::from_millis(10);

/// Where a peer listens that does this with every connection. It lives as long as the test program.
pub fn peer(says: Says) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let says = says.clone();
            // Errors are the client's doing.
            std::thread::spawn(move || serve(connection, &says));
        }
    });
    address
}

/// Where a peer listens that takes no more connections: those in its queue leave no room.
pub fn full_peer() -> (SocketAddr, Vec<tokio::net::TcpStream>, tokio::runtime::Runtime) {
    let runtime = super::runtime();
    let (address, queued) = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        while let Ok(Ok(connection)) =
            tokio::time::timeout(Duration::from_millis(200), tokio::net::TcpStream::connect(address)).await
        {
            queued.push(connection);
        }
        std::mem::forget(listener);
        (address, queued)
    });
    (address, queued, runtime)
}

fn serve(mut connection: TcpStream, says: &Says) -> std::io::Result<()> {
    match says {
        Says::Nothing => {
            std::thread::sleep(Duration::from_secs(60));
            Ok(())
        }
        Says::Then(bytes) => {
            let _ = connection.read(&mut [0; 16 << 10])?;
            connection.write_all(bytes)?;
            while connection.read(&mut [0; 16 << 10])? > 0 {}
            Ok(())
        }
        Says::ThenCloses(bytes) => {
            let _ = connection.read(&mut [0; 16 << 10])?;
            connection.write_all(bytes)
        }
        Says::Dribbles(first, then) => {
            let _ = connection.read(&mut [0; 16 << 10])?;
            connection.write_all(first)?;
            for byte in then.iter().cycle() {
                connection.write_all(&[*byte])?;
                std::thread::sleep(MOMENT);
            }
            Ok(())
        }
    }
}
